// Joins django-allauth's passkey scripts to the button on the page. Without JavaScript the button stays hidden.
const button = document.getElementById("passkey-button");
const forms = window.allauth?.webauthn?.forms;
const isBareAddress = /^[\d.]+$|:/.test(location.hostname); // browsers know passkeys by name only

function say(text) {
  const box = document.createElement("div");
  box.className = "alert alert-danger";
  box.setAttribute("role", "alert");
  box.textContent = text;
  document.getElementById("notices").replaceChildren(box);
}

if (button && forms && window.PublicKeyCredential && !isBareAddress) {
  const way = button.dataset.passkey;
  const ids = { credential: button.dataset.passkeyField, [way]: button.id };
  if (document.getElementById("passkey-data")) ids.data = "passkey-data";
  if (way === "add") ids.passwordless = "passwordless";
  forms[`${way}Form`]({ ids });
  button.hidden = false;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say(button.dataset.passkeyFailed);
  });
} else if (button?.dataset.passkey === "add" && isBareAddress) {
  say(button.dataset.passkeyNoName);
}
