/** Orders as the API is asked for them, and what is done to one. */
import { api, client, told, type Schemas } from '@regulars/shared/api/client'
import type { paths } from '@regulars/shared/api/schema'
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'

import { endOf, startOf } from '../ledger/zones'
import { useUrlStates } from '../shell/urlState'

export type Order = Schemas['OrderAnswer']
export type Price = Schemas['OrderQuoteAnswer']
export type Listed = Schemas['ListedOrder']
type Query = NonNullable<paths['/v1/orders']['get']['parameters']['query']>

const NAMES = ['from', 'to', 'state', 'member', 'store', 'id', 'coupon'] as const
export type Name = (typeof NAMES)[number]
export type Search = Partial<Record<Name, string>>

export function useSearch(): [Search, (next: Record<string, string>) => void] {
  const [read, write] = useUrlStates()
  const search: Search = {}
  for (const name of NAMES) search[name] = read(name)
  return [search, write]
}

/** Whether anything at all is asked for. */
export function isNarrow(search: Search): boolean {
  return NAMES.some((name) => search[name] !== undefined)
}

/** As the API is asked. `zone`: whose days they are, the last included. */
export function queryOf(search: Search, zone: string): Query {
  return {
    from: search.from && startOf(search.from, zone),
    to: search.to && endOf(search.to, zone),
    state: search.state as Query['state'],
    member: search.member,
    store: search.store,
    id: search.id,
    coupon: search.coupon,
  }
}

export function useOrder(order: string) {
  return api.useQuery('get', '/v1/orders/{order}', { params: { path: { order } } })
}

/** A deed on one order; what the server answers is looked at again everywhere. */
function useDeed<Asked>(
  work: (asked: Asked) => Promise<Order>,
  onDone: (answer: Order) => void,
): UseMutationResult<Order, unknown, Asked> {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: work,
    onSuccess: async (answer) => {
      await queries.invalidateQueries()
      onDone(answer)
    },
  })
}

export function useCancel(order: string, onDone: (answer: Order) => void) {
  return useDeed(
    (reason: string) =>
      told(
        client.POST('/v1/orders/{order}/cancel', { params: { path: { order } }, body: { reason } }),
      ),
    onDone,
  )
}

export interface GivenBack {
  id: string
  lines: { line: number; quantity: number }[]
  reason: string
  with_delivery: boolean
}

export function useReturn(order: string, onDone: (answer: Order) => void) {
  return useDeed(
    (body: GivenBack) =>
      told(client.POST('/v1/orders/{order}/returns', { params: { path: { order } }, body })),
    onDone,
  )
}
