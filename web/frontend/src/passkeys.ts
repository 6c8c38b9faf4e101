// Passkeys: asks the device for a proof and sends it in an ordinary form.

type Json = Record<string, unknown>;

const supported = isSecureContext && typeof PublicKeyCredential !== "undefined";

function bytes(text: string): ArrayBuffer {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  const raw = atob(padded);
  const made = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) made[at] = raw.charCodeAt(at);
  return made.buffer;
}

function text(buffer: ArrayBuffer | null): string | undefined {
  if (!buffer) return undefined;
  const raw = Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join("");
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Ask the server what the device is to prove. */
async function fetchOptions(form: HTMLFormElement): Promise<Json> {
  const body = new FormData();
  body.set("for", form.dataset["passkey"] ?? "");
  const token = form.querySelector<HTMLInputElement>("[name=csrf_token]")?.value ?? "";
  const answer = await fetch(form.dataset["options"] ?? "", {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token },
    credentials: "same-origin",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Json;
}

function known(list: unknown): PublicKeyCredentialDescriptor[] {
  return ((list ?? []) as Json[]).map((one) => ({ type: "public-key", id: bytes(one["id"] as string) }));
}

async function prove(options: Json): Promise<PublicKeyCredential | null> {
  const publicKey = {
    ...options,
    challenge: bytes(options["challenge"] as string),
    allowCredentials: known(options["allowCredentials"]),
  } as unknown as PublicKeyCredentialRequestOptions;
  return (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null;
}

async function make(options: Json): Promise<PublicKeyCredential | null> {
  const user = options["user"] as Json;
  const publicKey = {
    ...options,
    challenge: bytes(options["challenge"] as string),
    user: { ...user, id: bytes(user["id"] as string) },
    excludeCredentials: known(options["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
  return (await navigator.credentials.create({ publicKey })) as PublicKeyCredential | null;
}

/** Write what the device proved as the server reads it (WebAuthn, section 5.1). */
function written(credential: PublicKeyCredential): string {
  const response = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject ?? null),
      authenticatorData: text(response.authenticatorData ?? null),
      signature: text(response.signature ?? null),
      userHandle: text(response.userHandle ?? null),
    },
    clientExtensionResults: {},
  });
}

async function ask(form: HTMLFormElement): Promise<void> {
  const fault = form.querySelector<HTMLElement>("[data-passkey-fault]");
  if (fault) fault.hidden = true;
  try {
    const options = await fetchOptions(form);
    const credential = form.dataset["passkey"] === "sign_in" ? await prove(options) : await make(options);
    if (!credential) throw new Error("none");
    const answer = form.querySelector<HTMLInputElement>("[name=answer]");
    if (answer) answer.value = written(credential);
    form.submit();
  } catch {
    if (fault) fault.hidden = false;
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  form.hidden = !supported;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask(form);
  });
}
for (const note of document.querySelectorAll<HTMLElement>("[data-passkey-none]")) note.hidden = supported;
