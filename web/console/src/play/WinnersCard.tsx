/** Who won what, and handing out what has to be handed out. */
import { api, client, told } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Card, Switch, Table, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Nothing } from '../shell/Nothing'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { nameOf, type Draw } from './draws'

export function WinnersCard({ draw }: { draw: Draw }) {
  const { t, i18n } = useTranslation('play')
  const formats = useFormats()
  const { message } = App.useApp()
  const may = useMay()
  const cursor = useCursor()
  const [waiting, setWaiting] = useState(false)
  const found = api.useQuery('get', '/v1/draws/{draw}/turns', {
    params: { path: { draw: draw.draw }, query: { limit: 20, cursor, waiting } },
  })
  const handOut = useMutation({
    mutationFn: (turn: string) =>
      told(
        client.POST('/v1/draws/{draw}/turns/{turn}/hand-out', {
          params: { path: { draw: draw.draw, turn } },
        }),
      ),
    onSuccess: () => void message.success(t('winners.handedOut')),
    onSettled: () => void found.refetch(),
  })
  const items = found.data?.items ?? []
  const prize = (code: string) =>
    nameOf(draw.terms.prizes.find((one) => one.code === code)?.name ?? {}, i18n.language) ||
    t('kinds.nothing')
  return (
    <Card
      title={t('winners.title')}
      loading={found.isPending}
      extra={
        <label>
          {t('winners.waiting')} <Switch size="small" checked={waiting} onChange={setWaiting} />
        </label>
      }
    >
      <ProblemAlert problem={found.error ?? handOut.error} onRetry={() => void found.refetch()} />
      {found.data && !items.length && <Nothing text={t('winners.none')} />}
      {items.length > 0 && (
        <Table
          size="small"
          rowKey="turn"
          dataSource={items}
          pagination={false}
          scroll={{ x: 'max-content' }}
          columns={[
            { title: t('winners.when'), render: (_, one) => formats.moment(one.taken_at) },
            {
              title: t('winners.member'),
              render: (_, one) => <Link to={`/members/${one.member}`}>{one.member}</Link>,
            },
            {
              title: t('winners.prize'),
              render: (_, one) => (
                <>
                  {prize(one.prize)}{' '}
                  {one.prize !== one.rolled && (
                    <Tag>{t('winners.instead', { prize: prize(one.rolled) })}</Tag>
                  )}
                </>
              ),
            },
            { title: t('winners.roll'), dataIndex: 'roll' },
            {
              title: t('state'),
              render: (_, one) =>
                one.state === 'to_hand_out' && may('desk:use') ? (
                  <Button
                    size="small"
                    loading={handOut.isPending && handOut.variables === one.turn}
                    onClick={() => handOut.mutate(one.turn)}
                  >
                    {t('winners.handOut')}
                  </Button>
                ) : (
                  t(`turnStates.${one.state}`)
                ),
            },
          ]}
        />
      )}
      <Pager next={found.data?.next} />
    </Card>
  )
}
