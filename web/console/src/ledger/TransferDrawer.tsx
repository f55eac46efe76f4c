/** One transfer: both its sides, why it was made, and the lots it touched. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Descriptions, Drawer, Flex, Skeleton, Table, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { ProblemAlert } from '../shell/ProblemAlert'

type Whole = Schemas['WholeTransferAnswer']

const SMALL = { fontSize: 16, marginTop: 0 } as const

interface Props {
  /** Its id; empty: none is shown. */
  transfer: string
  zone: string
  onClose: () => void
  onShow: (transfer: string) => void
}

export function TransferDrawer({ transfer, zone, onClose, onShow }: Props) {
  const { t } = useTranslation('ledger')
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/transfers/{transfer}',
    { params: { path: { transfer } } },
    { enabled: transfer !== '' },
  )
  return (
    <Drawer
      open={transfer !== ''}
      onClose={onClose}
      size={640}
      title={t('transfer.title')}
      extra={
        <Typography.Text code copyable>
          {transfer}
        </Typography.Text>
      }
    >
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton active />}
      {data && (
        <Flex vertical gap="large">
          <Sides whole={data} />
          <About whole={data} zone={zone} />
          <Why whole={data} />
          <Lots whole={data} zone={zone} />
          <Beside whole={data} onShow={onShow} />
        </Flex>
      )}
    </Drawer>
  )
}

/** Double entry as bookkeepers write it. */
function Sides({ whole }: { whole: Whole }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const amount = (side: Whole['sides'][number], wanted: string) =>
    side.side === wanted ? formats.count(side.amount) : ''
  return (
    <Table
      size="small"
      bordered
      rowKey="side"
      pagination={false}
      dataSource={whole.sides}
      columns={[
        {
          key: 'account',
          title: t('transfer.account'),
          render: (_, side) => (
            <>
              {t(`account.${side.account}`)}{' '}
              <Typography.Text type="secondary">{t(`transfer.of.${side.owner}`)}</Typography.Text>
            </>
          ),
        },
        {
          key: 'debit',
          title: t('transfer.debit'),
          align: 'right',
          render: (_, side) => amount(side, 'debit'),
        },
        {
          key: 'credit',
          title: t('transfer.credit'),
          align: 'right',
          render: (_, side) => amount(side, 'credit'),
        },
      ]}
      summary={() => (
        <Table.Summary.Row>
          <Table.Summary.Cell index={0} colSpan={3}>
            <Typography.Text type="secondary">
              {t('transfer.sides', { currency: whole.transfer.currency })}
            </Typography.Text>
          </Table.Summary.Cell>
        </Table.Summary.Row>
      )}
    />
  )
}

function About({ whole, zone }: { whole: Whole; zone: string }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const { transfer, event } = whole
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        {
          key: 'code',
          label: t('filter.kind'),
          children: t(`code.${transfer.code}`, { defaultValue: transfer.code }),
        },
        {
          key: 'effective',
          label: t('transfers.countsFrom'),
          children: formats.moment(transfer.effective_at, zone),
        },
        {
          key: 'recorded',
          label: t('transfers.recorded'),
          children: formats.moment(transfer.recorded_at, zone),
        },
        {
          key: 'member',
          label: t('transfers.member'),
          children: <Link to={`/members/${transfer.member}`}>{transfer.member}</Link>,
        },
        {
          key: 'event',
          label: t('transfer.event'),
          children: event ? (
            <Link to={`/members/${event.member}?tab=events&event=${event.event}`}>
              {event.type} · {event.id}
            </Link>
          ) : (
            transfer.event
          ),
        },
        ...(event
          ? [
              { key: 'source', label: t('transfer.source'), children: event.source },
              {
                key: 'version',
                label: t('transfer.version'),
                children: String(event.program_version),
              },
            ]
          : []),
      ]}
    />
  )
}

function Why({ whole }: { whole: Whole }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  const gave = whole.event?.explanation.filter((one) => one.applied) ?? []
  if (!gave.length) return null
  return (
    <section aria-label={t('transfer.why')}>
      <Typography.Title level={2} style={SMALL}>
        {t('transfer.why')}
      </Typography.Title>
      {gave.map((one) => (
        <p key={one.rule} style={{ margin: '0 0 8px' }}>
          <Typography.Text strong>
            {one.name} {formats.signed(one.points)}
          </Typography.Text>
          <br />
          <Typography.Text type="secondary">{one.says}</Typography.Text>
        </p>
      ))}
    </section>
  )
}

function Lots({ whole, zone }: { whole: Whole; zone: string }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  if (!whole.lots.length) return null
  return (
    <section aria-label={t('transfer.lots')}>
      <Typography.Title level={2} style={SMALL}>
        {t('transfer.lots')}
      </Typography.Title>
      <Table
        size="small"
        rowKey="lot"
        onHeaderRow={() => ({ tabIndex: 0 })}
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={whole.lots}
        columns={[
          {
            key: 'earned',
            title: t('transfer.earned'),
            render: (_, lot) => formats.day(lot.earned_at, zone),
          },
          {
            key: 'what',
            title: t('transfer.moved'),
            align: 'right',
            render: (_, lot) => (
              <>
                {lot.is_new && <Tag color="success">{t('transfer.new')}</Tag>}
                {lot.used !== 0 && formats.signed(-lot.used)}
                {lot.lapsed > 0 && ` ${t('transfer.lapsed')}`}
              </>
            ),
          },
          {
            key: 'left',
            title: t('transfer.left'),
            align: 'right',
            render: (_, lot) =>
              `${formats.count(lot.remaining)} / ${formats.count(lot.amount)} ${lot.currency}`,
          },
          {
            key: 'expires',
            title: t('transfer.expires'),
            render: (_, lot) => (lot.expires_at ? formats.day(lot.expires_at, zone) : '—'),
          },
        ]}
      />
    </section>
  )
}

function Beside({ whole, onShow }: { whole: Whole; onShow: Props['onShow'] }) {
  const { t } = useTranslation('ledger')
  const formats = useFormats()
  if (!whole.beside.length) return null
  return (
    <section aria-label={t('transfer.beside')}>
      <Typography.Title level={2} style={SMALL}>
        {t('transfer.beside')}
      </Typography.Title>
      {whole.beside.map((one) => (
        <div key={one.transfer}>
          <Button
            type="link"
            size="small"
            style={{ padding: 0 }}
            onClick={() => onShow(one.transfer)}
          >
            {t(`code.${one.code}`, { defaultValue: one.code })} {formats.count(one.amount)}{' '}
            {one.currency}: {t(`account.${one.debit}`)} → {t(`account.${one.credit}`)}
          </Button>
        </div>
      ))}
    </section>
  )
}
