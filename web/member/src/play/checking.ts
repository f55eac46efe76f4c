/** Working a draw out anew, here in the browser, from nothing but what was published. */
import type { Audit } from './asking'

export interface Found {
  turns: number
  /** Turns that came out otherwise, and what else does not fit. */
  faults: number
}

const BITS = 256n

async function digest(text: string): Promise<string> {
  const made = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return hex(made)
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The roll of one turn: by HMAC-SHA-256, drawn again beyond the last whole multiple. */
export async function rollOf(key: CryptoKey, said: string, outOf: number): Promise<number> {
  const beyond = 2n ** BITS - (2n ** BITS % BigInt(outOf))
  for (let attempt = 0; ; attempt += 1) {
    const text = new TextEncoder().encode(`${said}:${attempt}`)
    const value = BigInt(`0x${hex(await crypto.subtle.sign('HMAC', key, text))}`)
    if (value < beyond) return Number(value % BigInt(outOf))
  }
}

export function keyOf(seed: string): Promise<CryptoKey> {
  const raw = new TextEncoder().encode(seed)
  return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
}

export function prizeAt(prizes: { code: string; weight: number }[], roll: number): string {
  let end = 0
  for (const one of prizes) {
    end += one.weight
    if (roll < end) return one.code
  }
  return ''
}

export async function check(audit: Audit): Promise<Found> {
  let faults = (await digest(audit.seed)) === audit.commitment ? 0 : 1
  const key = await keyOf(audit.seed)
  const given = new Map<string, number>()
  for (const turn of audit.turns) {
    given.set(turn.prize, (given.get(turn.prize) ?? 0) + 1)
    const said = `${audit.draw}:${turn.player}:${turn.number}:${turn.luck}`
    const roll = await rollOf(key, said, audit.out_of)
    const isSame = roll === turn.roll && prizeAt(audit.prizes, roll) === turn.rolled
    const isInstead = turn.prize === (audit.instead || 'nothing')
    if (!isSame || (turn.prize !== turn.rolled && !isInstead)) faults += 1
  }
  for (const one of audit.prizes) {
    const count = given.get(one.code) ?? 0
    const wasMissed = audit.turns.some(
      (turn) => turn.rolled === one.code && turn.prize !== one.code,
    )
    if (one.stock !== null && (count > one.stock || (wasMissed && count < one.stock))) faults += 1
  }
  return { turns: audit.turns.length, faults }
}
