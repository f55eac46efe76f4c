/** WebAuthn's own JSON, for browsers that do not read and write it themselves. */
type Json = Record<string, unknown>

interface Described extends Json {
  id: string
  type: 'public-key'
}

/** What `navigator.credentials.get` takes, from the server's JSON. */
export function requestOf(json: Json): PublicKeyCredentialRequestOptions {
  const listed = (json.allowCredentials ?? []) as Described[]
  return {
    ...json,
    challenge: bytesOf(json.challenge as string),
    allowCredentials: listed.map((one) => ({ ...one, id: bytesOf(one.id) })),
  }
}

/** What `navigator.credentials.create` takes. */
export function creationOf(json: Json): PublicKeyCredentialCreationOptions {
  const user = json.user as { id: string; name: string; displayName: string }
  const excluded = (json.excludeCredentials ?? []) as Described[]
  return {
    ...(json as unknown as PublicKeyCredentialCreationOptions),
    challenge: bytesOf(json.challenge as string),
    user: { ...user, id: bytesOf(user.id) },
    excludeCredentials: excluded.map((one) => ({ ...one, id: bytesOf(one.id) })),
  }
}

/** What an authenticator answered, as JSON. */
export function jsonOf(credential: PublicKeyCredential): Json {
  const { response } = credential
  const told: Json = { clientDataJSON: textOf(response.clientDataJSON) }
  if (response instanceof AuthenticatorAttestationResponse) {
    told.attestationObject = textOf(response.attestationObject)
    told.transports = response.getTransports()
  } else {
    const assertion = response as AuthenticatorAssertionResponse
    told.authenticatorData = textOf(assertion.authenticatorData)
    told.signature = textOf(assertion.signature)
    if (assertion.userHandle) told.userHandle = textOf(assertion.userHandle)
  }
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: told,
  }
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0))
}

function textOf(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes))
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
