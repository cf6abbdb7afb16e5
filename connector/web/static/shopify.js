// Session tokens last a minute, and the page is open for longer: a form that wants one gets a new one as it is sent.
for (const form of document.querySelectorAll("form[data-fresh-token]")) {
  form.addEventListener("submit", async (event) => {
    if (!window.shopify?.idToken || form.dataset.fresh) return;
    event.preventDefault();
    form.elements.id_token.value = await window.shopify.idToken();
    form.dataset.fresh = "yes";
    form.requestSubmit();
    delete form.dataset.fresh;
  });
}
