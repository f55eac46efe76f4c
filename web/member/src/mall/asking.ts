/** What the mall's pages ask the server for. */
import { client, deedKey, type Schemas } from '@regulars/shared/api/client'
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query'
import { useRef } from 'react'

import { HOME } from '../shell/home'
import { told } from '../shell/told'

export type Reward = Schemas['OwnRewardAnswer']
export type Sale = Schemas['OwnSaleAnswer']
export type Redemption = Schemas['RedemptionAnswer']
export type Wanted = Schemas['RedeemIn']
export type Sort = 'rank' | 'points' | '-points' | 'newest'

export interface Search {
  category?: string
  q?: string
  mostPoints?: number
  sort: Sort
}

const REWARDS = ['rewards']
const REDEMPTIONS = ['redemptions']
const SALES = ['sales']

export function useRewards(search: Search) {
  return useInfiniteQuery({
    queryKey: [...REWARDS, 'list', search],
    queryFn: ({ pageParam }) =>
      told(
        client.GET('/v1/me/rewards', {
          params: {
            query: {
              limit: 24,
              cursor: pageParam,
              sort: search.sort,
              category: search.category,
              q: search.q,
              most_points: search.mostPoints,
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  })
}

export function useCategories() {
  return useQuery({
    queryKey: [...REWARDS, 'categories'],
    queryFn: () => told(client.GET('/v1/me/rewards/categories')),
  })
}

export function useReward(reward: string) {
  return useQuery({
    queryKey: [...REWARDS, reward],
    queryFn: () => told(client.GET('/v1/me/rewards/{reward}', { params: { path: { reward } } })),
  })
}

export function useSales() {
  return useQuery({ queryKey: SALES, queryFn: () => told(client.GET('/v1/me/sales')) })
}

/** `isLive`: looked at every few seconds. */
export function useSale(sale: string, isLive: boolean) {
  return useQuery({
    queryKey: [...SALES, sale],
    queryFn: async () => {
      const found = await told(client.GET('/v1/me/sales/{sale}', { params: { path: { sale } } }))
      // How far this device's clock is from the server's, by which sales begin.
      return { ...found, aheadMs: Date.now() - new Date(found.now).getTime() }
    },
    staleTime: 0,
    refetchInterval: isLive ? 3000 : false,
  })
}

export function useRedemptions() {
  return useInfiniteQuery({
    queryKey: REDEMPTIONS,
    queryFn: ({ pageParam }) =>
      told(
        client.GET('/v1/me/redemptions', { params: { query: { limit: 20, cursor: pageParam } } }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  })
}

export function useRedemption(redemption: string) {
  return useQuery({
    queryKey: [...REDEMPTIONS, redemption],
    queryFn: () =>
      told(client.GET('/v1/me/redemptions/{redemption}', { params: { path: { redemption } } })),
    staleTime: 0,
  })
}

/** Redeem, or buy at a sale. The same wish sent again, after an answer was lost, is done once. */
export function useRedeem(sale?: string) {
  const queries = useQueryClient()
  const key = useRef(deedKey())
  return useMutation({
    mutationFn: (body: Wanted) => {
      const header = { 'idempotency-key': key.current }
      return sale
        ? told(
            client.POST('/v1/me/sales/{sale}/purchases', {
              params: { header, path: { sale } },
              body,
            }),
          )
        : told(client.POST('/v1/me/redemptions', { params: { header }, body }))
    },
    onSettled: (made, problem) => {
      // What was refused may be wanted again later: that is another wish.
      if (made ?? problem) key.current = deedKey()
      lookAgain(queries)
    },
  })
}

export function useCancel(redemption: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () =>
      told(
        client.POST('/v1/me/redemptions/{redemption}/cancellation', {
          params: { path: { redemption } },
        }),
      ),
    onSettled: () => lookAgain(queries),
  })
}

export function useWait(variant: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (isOn: boolean) => {
      const params = { path: { variant } }
      return isOn
        ? told(client.PUT('/v1/me/variants/{variant}/wait', { params }))
        : told(client.DELETE('/v1/me/variants/{variant}/wait', { params }))
    },
    onSettled: () => lookAgain(queries),
  })
}

function lookAgain(queries: QueryClient): void {
  for (const queryKey of [HOME, REWARDS, REDEMPTIONS, SALES]) {
    void queries.invalidateQueries({ queryKey })
  }
}
