"""How a webhook of ours is known again after the installation has moved to another address."""


def same_door(address: str, hook_url: str) -> bool:
    """Whether both lead to `…/webhooks/<platform>/<hook token>` of one store: nobody else can guess the token."""
    return address.endswith("/" + "/".join(hook_url.rsplit("/", 3)[-3:]))
