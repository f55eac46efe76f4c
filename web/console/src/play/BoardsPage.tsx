/** Leaderboards: which there are, and where members stand by the names they chose. */
import { api, client, deedKey, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Card, Flex, Table, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../shell/Nothing'
import { PageHead } from '../shell/PageHead'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { BoardForm } from './BoardForm'
import { nameOf } from './draws'
import { PlayTabs } from './PlayTabs'

type Board = Schemas['BoardAnswer']

export function Component() {
  const { t, i18n } = useTranslation('play')
  const formats = useFormats()
  const { message } = App.useApp()
  const may = useMay()
  const [isAdding, setAdding] = useState(false)
  const [key, setKey] = useState(deedKey)
  const found = api.useQuery('get', '/v1/leaderboards')
  const make = useMutation({
    mutationFn: (body: Schemas['BoardTerms']) =>
      told(
        client.POST('/v1/leaderboards', { params: { header: { 'idempotency-key': key } }, body }),
      ),
    onSuccess: () => {
      setAdding(false)
      void message.success(t('saved'))
    },
    onSettled: () => {
      setKey(deedKey())
      void found.refetch()
    },
  })
  const items = found.data?.items ?? []
  const add = may('offers:write') && (
    <Button type="primary" onClick={() => setAdding(true)}>
      {t('board.add')}
    </Button>
  )
  return (
    <>
      <PageHead title={t('area')} sub={t('board.sub')} extra={add} />
      <PlayTabs active="boards" />
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      <Flex vertical gap="middle">
        <Card loading={found.isPending}>
          {found.data && <p>{t('board.players', { count: found.data.players })}</p>}
          {found.data && !items.length && <Nothing text={t('board.none')} action={add} />}
          {items.length > 0 && (
            <Table<Board>
              size="middle"
              rowKey="leaderboard"
              dataSource={items}
              pagination={false}
              scroll={{ x: 'max-content' }}
              expandable={{
                expandedRowRender: (one) => <Places board={one.leaderboard} />,
              }}
              columns={[
                { title: t('name'), render: (_, one) => nameOf(one.terms.name, i18n.language) },
                {
                  title: t('board.metric'),
                  render: (_, one) => `${t(`metrics.${one.terms.metric}`)} ${one.terms.subject}`,
                },
                {
                  title: t('board.per'),
                  render: (_, one) => t(`per.${one.terms.per || 'ever'}`),
                },
                { title: t('state'), render: (_, one) => <Tag>{t(`states.${one.state}`)}</Tag> },
                {
                  title: t('board.computed'),
                  render: (_, one) => (one.computed_at ? formats.moment(one.computed_at) : '–'),
                },
                {
                  title: '',
                  render: (_, one) => <Move board={one} onMoved={() => void found.refetch()} />,
                },
              ]}
            />
          )}
        </Card>
      </Flex>
      <BoardForm
        isOpen={isAdding}
        isBusy={make.isPending}
        problem={make.error}
        onCancel={() => setAdding(false)}
        onWish={(body) => make.mutate(body)}
      />
    </>
  )
}

function Move({ board, onMoved }: { board: Board; onMoved: () => void }) {
  const { t } = useTranslation('play')
  const may = useMay()
  const state = board.state === 'active' ? 'ended' : 'active'
  const move = useMutation({
    mutationFn: () =>
      told(
        client.POST('/v1/leaderboards/{board}/state', {
          params: { path: { board: board.leaderboard } },
          body: { state },
        }),
      ),
    onSettled: onMoved,
  })
  if (!may('offers:write')) return null
  return (
    <Button size="small" loading={move.isPending} onClick={() => move.mutate()}>
      {t(`move.${state}`)}
    </Button>
  )
}

function Places({ board }: { board: string }) {
  const { t } = useTranslation('play')
  const found = api.useQuery('get', '/v1/leaderboards/{board}', { params: { path: { board } } })
  const places = found.data?.places ?? []
  if (found.error) return <ProblemAlert problem={found.error} />
  if (found.data && !places.length) return <Nothing text={t('board.nobody')} />
  return (
    <Table
      size="small"
      rowKey="name"
      loading={found.isPending}
      dataSource={places}
      pagination={false}
      columns={[
        { title: t('board.place'), dataIndex: 'place' },
        { title: t('name'), dataIndex: 'name' },
        { title: t('board.score'), dataIndex: 'score' },
      ]}
    />
  )
}
