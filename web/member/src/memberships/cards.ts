/** What the member has of paid cards, and deeds on them. */
import { client, deedKey, type Schemas } from '@regulars/shared/api/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { HOME } from '../shell/home'
import { told } from '../shell/told'

export type Detail = Schemas['MembershipDetailAnswer']
export type Membership = Schemas['MembershipAnswer']
export type Offer = Schemas['PaidCardAnswer']

export const CARDS = ['cards']

export function useCards() {
  return useQuery({ queryKey: CARDS, queryFn: () => told(client.GET('/v1/me/cards')) })
}

export function useSavings(membership: string) {
  return useQuery({
    queryKey: ['savings', membership],
    queryFn: () =>
      told(
        client.GET('/v1/me/memberships/{membership}/savings', { params: { path: { membership } } }),
      ),
  })
}

export function isLive(one: Membership): boolean {
  return one.standing === 'active' || one.standing === 'trial' || one.standing === 'grace'
}

/** A deed after which cards, balances and benefits are asked for anew. */
export function useDeed<V, T>(deed: (value: V) => Promise<T>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: deed,
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: CARDS }),
        queries.invalidateQueries({ queryKey: HOME }),
        queries.invalidateQueries({ queryKey: ['benefits'] }),
      ])
    },
  })
}

export function begin(card: string, pay: 'points' | 'trial') {
  return told(
    client.POST('/v1/me/memberships', {
      params: { header: { 'idempotency-key': deedKey() } },
      body: { card, pay, renews: null },
    }),
  )
}

export function renew(membership: string) {
  return told(
    client.POST('/v1/me/memberships/{membership}/renewals', {
      params: { path: { membership }, header: { 'idempotency-key': deedKey() } },
      body: { pay: 'points' },
    }),
  )
}

export function setRenews(membership: string, renews: boolean) {
  return told(
    client.PATCH('/v1/me/memberships/{membership}', {
      params: { path: { membership } },
      body: { renews },
    }),
  )
}
