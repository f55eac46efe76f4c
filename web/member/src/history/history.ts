/** What happened, page by page. */
import { client, type Schemas } from '@regulars/shared/api/client'
import {
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { told } from '../shell/told'

export type HistoryPage = Schemas['HistoryAnswer']
export type HistoryLine = Schemas['HistoryLine']

const LATEST = 3
const PAGE = 20

function fetchPage(limit: number, cursor?: string): Promise<HistoryPage> {
  const query = cursor ? { limit, cursor } : { limit }
  return told(client.GET('/v1/me/history', { params: { query } }))
}

export function useLatest(): UseQueryResult<HistoryPage> {
  return useQuery({ queryKey: ['history', 'latest'], queryFn: () => fetchPage(LATEST) })
}

export function useHistory(): UseInfiniteQueryResult<InfiniteData<HistoryPage>> {
  return useInfiniteQuery({
    queryKey: ['history', 'all'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => fetchPage(PAGE, pageParam),
    getNextPageParam: (page) => page.next ?? undefined,
  })
}
