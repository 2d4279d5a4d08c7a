// Small helpers for the elements of the page.

export const byId = (id) => document.getElementById(id);

// Makes an element. A property that begins with a small "aria-" or "data-", or is `role`, `scope` or `for`, is an attribute.
export function make(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (/^(aria-|data-|role$|scope$|for$|href$|datetime$)/.test(key)) {
      made.setAttribute(key, value);
    } else {
      made[key] = value;
    }
  }
  made.append(...children);
  return made;
}

// Sets a text only when it changes, so that readers of the screen do not hear it again and again.
export function setText(id, text) {
  if (byId(id).textContent !== text) {
    byId(id).textContent = text;
  }
}

// Shows a text, or hides its place when there is none.
export function showText(id, text) {
  setText(id, text);
  byId(id).hidden = text === "";
}

// Shows what is wrong with a field below it, or that nothing is.
export function showFault(field, message) {
  showText(`${field.id}-error`, message);
  if (message === "") {
    field.removeAttribute("aria-invalid");
  } else {
    field.setAttribute("aria-invalid", "true");
  }
}

// Shows what is wrong with each field, goes to the first such field, and says whether nothing is.
export function showFaults(faults) {
  for (const [field, message] of faults) {
    showFault(field, message);
  }
  const first = faults.find(([, message]) => message !== "");
  first?.[0].focus();
  return first === undefined;
}
