/** The card is kept on the device, so that it can be shown where there is no network. Nothing else
 *  is: and it goes when the member signs out. */
import type { Schemas } from '@regulars/shared/api/client'

type Card = Schemas['CardAnswer']

export interface KeptCard {
  organization: string
  program: string
  tier: string
  card: Card
}

const KEY = 'regulars.card'

export function keepCard(home: Schemas['HomeAnswer']): void {
  if (!home.card) return
  const kept: KeptCard = {
    organization: home.organization,
    program: home.program,
    tier: home.tier?.name ?? '',
    card: home.card,
  }
  try {
    localStorage.setItem(KEY, JSON.stringify(kept))
  } catch {
    // A browser that keeps nothing shows the card as long as there is a network.
  }
}

export function keptCard(): KeptCard | undefined {
  try {
    const text = localStorage.getItem(KEY)
    return text ? (JSON.parse(text) as KeptCard) : undefined
  } catch {
    return undefined
  }
}

export function forgetCard(): void {
  try {
    localStorage.removeItem(KEY)
  } catch {
    // Nothing was kept.
  }
}
