// Shopify puts window.shopify here before this runs; without it the page still works for as long as its token lasts.
if (document.querySelector("[data-asks-for-token]")) {
  window.shopify?.idToken().then((token) => {
    const again = new URL(window.location.href);
    again.searchParams.set("id_token", token);
    window.location.replace(again);
  });
}

for (const button of document.querySelectorAll("button[data-rights]")) {
  button.addEventListener("click", () => window.shopify?.scopes.request(button.dataset.rights.split(" ")));
}

// Session tokens last a minute, and the page is open for longer: a form that wants one gets a new one as it is sent.
for (const form of document.querySelectorAll("form[data-fresh-token]")) {
  form.addEventListener("submit", async (event) => {
    if (!window.shopify?.idToken) return;
    event.preventDefault();
    form.elements.id_token.value = await window.shopify.idToken();
    form.submit();
  });
}
