/** Finds out what was scanned: a member, a benefit's code, a coupon, something to be picked up. */
import { client, told, type Schemas } from '@regulars/shared/api/client'
import { problemOf } from '@regulars/shared/problems'

export type Seen =
  | { kind: 'member'; text: string; look: Schemas['LookAnswer'] }
  | { kind: 'coupon'; text: string; coupon: Schemas['CouponAnswer'] }
  | { kind: 'pickup'; text: string; redemption: Schemas['RedemptionAnswer'] }
  | { kind: 'unknown'; text: string }

export async function lookUp(text: string): Promise<Seen> {
  const look = await told(client.POST('/v1/desk/look', { body: { text } }))
  if (look.kind !== 'unknown') return { kind: 'member', text, look }
  const page = await orNothing(
    client.GET('/v1/redemptions', { params: { query: { code: text, limit: 1 } } }),
  )
  const redemption = page?.items[0]
  if (redemption) return { kind: 'pickup', text, redemption }
  const story = await orNothing(
    client.GET('/v1/coupons/{code}', { params: { path: { code: text } } }),
  )
  if (story) return { kind: 'coupon', text, coupon: story.coupon }
  return { kind: 'unknown', text }
}

/** What was found; nothing where it is not that kind of code. Waits and faults are thrown. */
async function orNothing<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<T | undefined> {
  try {
    return await told(call)
  } catch (error) {
    const { status } = problemOf(error)
    if (status === 404 || status === 422 || status === 403) return undefined
    throw error
  }
}
