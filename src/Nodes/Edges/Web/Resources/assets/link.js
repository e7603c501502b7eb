// What a SimpleX link needs when a browser opens it. The part after # is a secret: it is put into this page and nowhere
// else. Nothing here sends anything, and the page's security policy would not let it.

import { encode } from './qr.js';

const svg = 'http://www.w3.org/2000/svg';
const quietZone = 4;

// The address of the app: short links, whose action is one letter, name their router as the first "h" parameter.
export function appAddress(action, hash, host) {
  return `simplex:/${action}${action.length > 1 ? hash : withHost(hash, host)}`;
}

// The address of this page as it is shared, however it was opened.
export function webAddress(action, hash, authority) {
  return `https://${authority}/${action}${hash}`;
}

function withHost(hash, host) {
  const question = hash.indexOf('?');
  if (question < 0) return `${hash}?h=${host}`;
  const parameters = hash.slice(question + 1).split('&').filter((parameter) => parameter !== '');
  const at = parameters.findIndex((parameter) => parameter.startsWith('h='));
  if (at < 0) parameters.push(`h=${host}`);
  else parameters[at] = ['h=' + host, ...parameters[at].slice(2).split(',').filter((other) => other !== '')].join(',');
  return `${hash.slice(0, question)}?${parameters.join('&')}`;
}

function element(name, attributes) {
  const made = document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function draw(modules) {
  const size = modules.length + 2 * quietZone;
  let path = '';
  modules.forEach((row, y) => row.forEach((dark, x) => {
    if (dark) path += `M${x + quietZone} ${y + quietZone}h1v1h-1z`;
  }));
  const code = element('svg', {
    class: 'qr', viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': 'QR code of this link', 'shape-rendering': 'crispEdges',
  });
  code.append(element('rect', { width: size, height: size, fill: '#fff' }), element('path', { d: path, fill: '#0b1f33' }));
  return code;
}

function show() {
  const hash = location.hash;
  // Jumping over the heading is no link.
  if (hash === '#main') return;
  const action = document.body.dataset.action;
  const hasLink = hash.length > 1;
  document.getElementById('incomplete').hidden = hasLink;
  for (const part of document.querySelectorAll('[data-with-link]')) part.hidden = !hasLink;
  if (!hasLink) return;

  const address = webAddress(action, hash, location.host);
  document.getElementById('open').href = appAddress(action, hash, location.hostname);
  document.getElementById('command').textContent = `/c ${address}`;
  const modules = encode(address);
  document.getElementById('code').replaceChildren(...(modules ? [draw(modules)] : []));
  document.getElementById('scan').hidden = !modules;
  document.getElementById('too-long').hidden = !!modules;
}

// The address of the page holds the secret: skipping to the content must not replace it.
document.querySelector('[data-skip]').addEventListener('click', (event) => {
  event.preventDefault();
  document.getElementById('main').focus();
});
document.getElementById('by-hand').hidden = true;
addEventListener('hashchange', show);
show();
