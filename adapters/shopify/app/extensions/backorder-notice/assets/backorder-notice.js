/* Says the notice of the variant that the buyer has chosen, and puts its date on the line of the cart. */
(() => {
  const FORM = 'form[action*="/cart/add"]';

  class BackorderNotice extends HTMLElement {
    connectedCallback() {
      this.variants = JSON.parse(this.querySelector('[data-backorder-variants]').textContent);
      this.text = this.querySelector('.backorder-notice__text');
      this.follow = () => requestAnimationFrame(() => this.update());
      document.addEventListener('change', this.follow);
      // Themes set the hidden field themselves, without an event, or put another form in its place.
      this.observer = new MutationObserver(this.follow);
      this.observer.observe(this.scope(), {
        subtree: true,
        childList: true,
        attributes: true,
        attributeFilter: ['value'],
      });
      this.update();
    }

    disconnectedCallback() {
      document.removeEventListener('change', this.follow);
      this.observer.disconnect();
    }

    /* The part of the page that belongs to the same product: there may be others, in recommendations. */
    scope() {
      return this.closest('.shopify-section, section, main') || document.body;
    }

    form() {
      return [...this.scope().querySelectorAll(FORM)].find((form) => this.chosen(form) in this.variants);
    }

    chosen(form) {
      const field = form.elements.namedItem('id');
      return field ? field.value : '';
    }

    update() {
      const form = this.form();
      if (!form) return;
      const variant = this.variants[this.chosen(form)];
      this.say(variant.notice || '');
      this.mark(form, variant.date || '');
    }

    /* The server writes the first sentence itself; writing it again would be read out twice. */
    say(notice) {
      if (this.text.textContent.trim() !== notice) this.text.textContent = notice;
      this.text.hidden = notice === '';
    }

    mark(form, date) {
      const name = `properties[${this.dataset.property}]`;
      let field = form.querySelector('input[data-backorder-property]');
      if (!this.dataset.property || !date) {
        if (field) field.remove();
        return;
      }
      if (!field) {
        field = document.createElement('input');
        field.type = 'hidden';
        field.dataset.backorderProperty = '';
        form.append(field);
      }
      if (field.name !== name) field.name = name;
      if (field.value !== date) field.value = date;
    }
  }

  if (!customElements.get('backorder-notice')) customElements.define('backorder-notice', BackorderNotice);
})();
