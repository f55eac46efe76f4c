/** What the server knows of a member's benefits and appointments. */
import { client, type Schemas } from '@regulars/shared/api/client'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'

import { told } from '../shell/told'

export type Held = Schemas['HeldBenefitAnswer']
export type Slot = Schemas['SlotAnswer']
export type Booking = Schemas['BookingAnswer']

const BENEFITS = ['benefits']
export const USES = ['benefit-uses']
const BOOKINGS = ['bookings']
const SLOTS = ['slots']

export function useBenefits() {
  return useQuery({
    queryKey: BENEFITS,
    queryFn: () => told(client.GET('/v1/me/benefits')),
    staleTime: 5_000,
  })
}

export function useBookings() {
  return useQuery({
    queryKey: BOOKINGS,
    queryFn: () => told(client.GET('/v1/me/bookings', { params: { query: { limit: 50 } } })),
    staleTime: 5_000,
  })
}

export function useSlots(benefit: string) {
  return useInfiniteQuery({
    queryKey: [...SLOTS, benefit],
    queryFn: ({ pageParam }) =>
      told(
        client.GET('/v1/me/slots', {
          params: { query: { benefit, limit: 100, cursor: pageParam || undefined } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    staleTime: 5_000,
  })
}

/** Whatever was used or booked changes what all of these say. */
export function useRefreshed(): () => void {
  const queries = useQueryClient()
  return () => {
    for (const queryKey of [BENEFITS, USES, BOOKINGS, SLOTS])
      void queries.invalidateQueries({ queryKey })
  }
}
