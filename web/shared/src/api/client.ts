/** Typed calls of the HTTP API: a wrong path, parameter or field does not compile. */
import createFetchClient from 'openapi-fetch'
import createClient from 'openapi-react-query'

import type { components, paths } from './schema'
import { language } from '../languages'

export type Schemas = components['schemas']

/** What pages of this origin listen for: the session is over, whatever was being done. */
export const SIGNED_OUT = 'regulars:signed-out'

export const client = createFetchClient<paths>({
  baseUrl: location.origin,
  // Lists are given as `name=a&name=b`, as the server reads them.
  querySerializer: { array: { style: 'form', explode: true } },
})

client.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', language() === 'zh' ? 'zh-CN' : 'en')
    return request
  },
  onResponse({ response, request }) {
    if (response.status === 401 && !isDoor(new URL(request.url).pathname))
      window.dispatchEvent(new Event(SIGNED_OUT))
    return response
  },
})

/** Hooks of react-query over the same calls. */
export const api = createClient(client)

/** What a plain call answered. Throws its problem document, or what went wrong on the way. */
export async function told<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await call
  if (error !== undefined) throw error as Error
  return data as T
}

/** A name for one deed, so that sending it twice does it once. */
export function deedKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Where one signs in, a refusal is an answer and not the end of a session. */
function isDoor(path: string): boolean {
  return path.startsWith('/v1/staff/sign-in') || path.startsWith('/v1/sign-in')
}
