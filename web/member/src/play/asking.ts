/** What the pages of play ask the server for. */
import { client, deedKey, type Schemas } from '@regulars/shared/api/client'
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useRef } from 'react'

import { HOME } from '../shell/home'
import { told } from '../shell/told'

export type Progress = Schemas['PlayAnswer']['progress'][number]
export type OwnDraw = Schemas['OwnDrawAnswer']
export type Turn = Schemas['TurnAnswer']
export type Audit = Schemas['DrawAuditAnswer']

const PLAY = ['play']

export function usePlay() {
  return useQuery({ queryKey: [...PLAY, 'all'], queryFn: () => told(client.GET('/v1/me/play')) })
}

export function useCalendar(month: string | undefined) {
  return useQuery({
    queryKey: [...PLAY, 'calendar', month],
    queryFn: () => told(client.GET('/v1/me/check-ins', { params: { query: { month } } })),
  })
}

export function useCheckIn() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => told(client.POST('/v1/me/check-ins', { body: {} })),
    onSettled: () => lookAgain(queries),
  })
}

export function useMakeUp() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas['MakeUpIn']) =>
      told(client.POST('/v1/me/check-ins/make-ups', { body })),
    onSettled: () => lookAgain(queries),
  })
}

export function useDraws() {
  return useQuery({ queryKey: [...PLAY, 'draws'], queryFn: () => told(client.GET('/v1/me/draws')) })
}

export function useDraw(draw: string) {
  return useQuery({
    queryKey: [...PLAY, 'draw', draw],
    queryFn: () => told(client.GET('/v1/me/draws/{draw}', { params: { path: { draw } } })),
  })
}

export function useTurns(draw: string) {
  return useQuery({
    queryKey: [...PLAY, 'turns', draw],
    queryFn: () =>
      told(
        client.GET('/v1/me/draws/{draw}/turns', {
          params: { path: { draw }, query: { limit: 20 } },
        }),
      ),
  })
}

/** A turn, under one key until it was answered: pressing twice is one turn. */
export function useTurn(draw: string) {
  const queries = useQueryClient()
  const wish = useRef({ key: deedKey(), luck: deedKey() })
  return useMutation({
    mutationFn: () =>
      told(
        client.POST('/v1/me/draws/{draw}/turns', {
          params: { path: { draw }, header: { 'idempotency-key': wish.current.key } },
          body: { luck: wish.current.luck },
        }),
      ),
    onSettled: (taken, problem) => {
      if (taken ?? problem) wish.current = { key: deedKey(), luck: deedKey() }
      lookAgain(queries)
    },
  })
}

/** The whole record of a draw that is over. */
export async function fetchAudit(draw: string): Promise<Audit> {
  let whole: Audit | undefined
  let cursor: string | undefined
  do {
    const page: Audit = await told(
      client.GET('/v1/me/draws/{draw}/audit', {
        params: { path: { draw }, query: { limit: 200, cursor } },
      }),
    )
    whole = whole ? { ...page, turns: [...whole.turns, ...page.turns] } : page
    cursor = page.next ?? undefined
  } while (cursor)
  return whole
}

export function useBoards() {
  return useQuery({
    queryKey: [...PLAY, 'boards'],
    queryFn: () => told(client.GET('/v1/me/leaderboards')),
  })
}

export function useBoard(board: string, earlier: number) {
  return useQuery({
    queryKey: [...PLAY, 'board', board, earlier],
    queryFn: () =>
      told(
        client.GET('/v1/me/leaderboards/{board}', {
          params: { path: { board }, query: { earlier } },
        }),
      ),
  })
}

export function usePlayName() {
  return useQuery({
    queryKey: [...PLAY, 'name'],
    queryFn: () => told(client.GET('/v1/me/play-name')),
  })
}

export function useRename() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (name: string | null) =>
      told(
        name === null
          ? client.DELETE('/v1/me/play-name')
          : client.PUT('/v1/me/play-name', { body: { name } }),
      ),
    onSettled: () => void queries.invalidateQueries({ queryKey: PLAY }),
  })
}

function lookAgain(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: PLAY })
  void queries.invalidateQueries({ queryKey: HOME })
}
