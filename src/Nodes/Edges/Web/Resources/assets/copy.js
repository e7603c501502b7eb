// Buttons that copy the text of an element: <button data-copies="ID" hidden>. They appear where the browser can do it.

async function copy(button) {
  const source = document.getElementById(button.dataset.copies);
  const status = button.parentElement.querySelector('[role="status"]');
  try {
    await navigator.clipboard.writeText(source.textContent);
    status.textContent = 'Copied';
  } catch {
    // The browser does not allow it: the text is selected, so that the user can.
    getSelection().selectAllChildren(source);
    status.textContent = 'Selected: copy it with your browser';
  }
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll('button[data-copies]')) {
    button.addEventListener('click', () => copy(button));
    button.hidden = false;
  }
}
