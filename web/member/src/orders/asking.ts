/** The member's orders, as the server tells them. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'

import { told } from '../shell/told'

export type Order = Schemas['OrderAnswer']

const PAGE = 20

export function useOrders() {
  return useInfiniteQuery({
    queryKey: ['orders', 'list'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const query = pageParam ? { limit: PAGE, cursor: pageParam } : { limit: PAGE }
      return told(client.GET('/v1/me/orders', { params: { query } }))
    },
    getNextPageParam: (page) => page.next ?? undefined,
  })
}

export function useOrder(order: string) {
  return useQuery({
    queryKey: ['orders', order],
    queryFn: () => told(client.GET('/v1/me/orders/{order}', { params: { path: { order } } })),
  })
}
