/** What was asked, and what was said to it. */
import type { Schemas } from '@regulars/shared/api/client'

import type { Address } from './address'

export type AskedConsent = Schemas['AskedConsent']
export type Answers = Record<string, boolean>

type Channel = Schemas['OwnWordIn']['channel']

/** What is sent some way or other, and the ways: a yes is for the way by which one is known. */
export const BY_WAY: Record<string, Channel[]> = {
  marketing: ['sms', 'email', 'wechat', 'push', 'phone', 'post'],
  service: ['email', 'sms'],
}

/** Yes and no for the record, with the version of the words that were shown. */
export function answersOf(
  items: AskedConsent[],
  answers: Answers,
  address: Address | undefined,
): Schemas['ConsentGiven'][] {
  const way = address && 'phone' in address ? 'sms' : 'email'
  return items.map((one) => ({
    purpose: one.purpose,
    granted: answers[one.purpose] ?? false,
    text_version: one.text_version,
    channel: one.purpose in BY_WAY ? way : 'any',
  }))
}
