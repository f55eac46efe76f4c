/** Who would stand on which tier: a table of now against then. */
import { DownloadOutlined } from '@ant-design/icons'
import { useFormats } from '@regulars/shared/formats'
import { Button, Card, Table, theme } from 'antd'
import { useTranslation } from 'react-i18next'

import { csvOf, download } from '../../charts/csv'
import { inWords } from '../forms/context'
import type { Result } from './result'

export function TierMoves({ result, simulation }: { result: Result; simulation: string }) {
  const { t, i18n } = useTranslation('program')
  const formats = useFormats()
  const { token } = theme.useToken()
  const { tiers, moves } = result.tiers
  if (!tiers.length) return null
  const name = (tier: string) =>
    inWords(tiers.find((one) => one.tier === tier)?.name, i18n.language) || tier || '–'
  const rows = [...new Set(moves.map((one) => one.in_force))]
  const columns = [...new Set([...tiers.map((one) => one.tier), ...moves.map((one) => one.draft)])]
  const order = (tier: string) => tiers.findIndex((one) => one.tier === tier)
  const count = (now: string, then: string) =>
    moves.find((one) => one.in_force === now && one.draft === then)?.members ?? 0
  const moved = moves.filter((one) => one.in_force !== one.draft)
  const risen = moved.filter((one) => order(one.draft) > order(one.in_force))
  const sum = (list: typeof moves) => list.reduce((all, one) => all + one.members, 0)
  const save = () =>
    download(
      `${simulation}-tiers`,
      csvOf({
        columns: [
          { key: 'now', title: t('simulate.now') },
          { key: 'then', title: t('simulate.then') },
          { key: 'members', title: t('simulate.members') },
        ],
        rows: moves.map((one) => ({
          now: name(one.in_force),
          then: name(one.draft),
          members: one.members,
        })),
      }),
    )
  return (
    <Card
      size="small"
      title={t('simulate.tiers')}
      extra={
        <Button
          type="text"
          size="small"
          icon={<DownloadOutlined />}
          aria-label={`${t('simulate.tiers')}: CSV`}
          onClick={save}
        />
      }
    >
      <p>
        {moved.length
          ? t('simulate.moved', {
              up: formats.count(sum(risen)),
              down: formats.count(sum(moved) - sum(risen)),
            })
          : t('simulate.notMoved')}
      </p>
      <Table
        size="small"
        pagination={false}
        rowKey="tier"
        scroll={{ x: 'max-content' }}
        dataSource={rows.sort((a, b) => order(a) - order(b)).map((tier) => ({ tier }))}
        columns={[
          {
            key: 'tier',
            title: `${t('simulate.now')} ↓  ${t('simulate.then')} →`,
            render: (_, row) => <strong>{name(row.tier)}</strong>,
          },
          ...columns.map((then) => ({
            key: then,
            title: name(then),
            align: 'right' as const,
            onCell: (row: { tier: string }) => ({
              style: { background: ground(row.tier, then) },
            }),
            render: (_: unknown, row: { tier: string }) => {
              const members = count(row.tier, then)
              if (!members) return '–'
              const sign =
                order(then) > order(row.tier) ? '↑ ' : order(then) < order(row.tier) ? '↓ ' : ''
              return `${sign}${formats.count(members)}`
            },
          })),
        ]}
      />
    </Card>
  )

  function ground(now: string, then: string): string | undefined {
    if (!count(now, then)) return undefined
    if (order(then) > order(now)) return token.colorSuccessBg
    return order(then) < order(now) ? token.colorErrorBg : token.colorFillQuaternary
  }
}
