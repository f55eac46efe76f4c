/** The member's coupons as the server tells them, and in which part of the wallet each belongs. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'

import { told } from '../shell/told'

export type Coupon = Schemas['CouponAnswer']
export type Shown = Schemas['ShownCouponAnswer']

export const PARTS = ['usable', 'used', 'over'] as const
export type Part = (typeof PARTS)[number]

export function partOf(coupon: Coupon): Part {
  if (coupon.standing === 'redeemed') return 'used'
  return coupon.standing === 'expired' || coupon.standing === 'revoked' ? 'over' : 'usable'
}

const KEY = ['coupons']

export function useCoupons() {
  return useQuery({
    queryKey: KEY,
    queryFn: () => told(client.GET('/v1/me/coupons')),
    // A till may have taken one since.
    staleTime: 5_000,
  })
}

export function useCoupon(coupon: string) {
  return useQuery({
    queryKey: [...KEY, coupon],
    queryFn: () => told(client.GET('/v1/me/coupons/{coupon}', { params: { path: { coupon } } })),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.coupon.standing === 'redeemed' ? false : 5_000),
  })
}

export function useClaimable() {
  return useQuery({
    queryKey: ['claimable'],
    queryFn: () => told(client.GET('/v1/me/claimable')),
    staleTime: 5_000,
  })
}

/** After anything was taken, given or brought back, all of it is asked for anew. */
export function useChanged(): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await queries.invalidateQueries({ queryKey: KEY })
    await queries.invalidateQueries({ queryKey: ['claimable'] })
  }
}
