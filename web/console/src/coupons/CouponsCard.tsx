/** The coupons of a template: given to members, listed, one of them in full beside. */
import { api, client, deedKey, told, type Schemas } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Flex, Form, Input, Select, Table, Tag, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../shell/Nothing'
import { Pager, useCursor } from '../shell/Pager'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { useUrlStates } from '../shell/urlState'
import { CouponDrawer } from './CouponDrawer'
import { Runs } from './Runs'
import { STANDING_COLORS, type Coupon, type Template } from './terms'

export function CouponsCard({ template }: { template: Template }) {
  const { t } = useTranslation('coupons')
  const may = useMay()
  const cursor = useCursor()
  const [read, write] = useUrlStates()
  const code = read('code')
  const found = api.useQuery(
    'get',
    '/v1/coupons',
    { params: { query: { template: template.template, code, limit: 50, cursor } } },
    { staleTime: 0 },
  )
  const again = () => void found.refetch()
  return (
    <Flex vertical gap="middle">
      {may('offers:write') && template.state === 'active' && (
        <Give template={template} onGiven={again} />
      )}
      <Runs template={template} onDone={again} />
      <Input.Search
        allowClear
        aria-label={t('beginsWith')}
        placeholder={t('beginsWith')}
        defaultValue={code}
        style={{ width: 240 }}
        onSearch={(next) => write({ code: next.trim() })}
      />
      <ProblemAlert problem={found.error} onRetry={again} />
      {!found.error && (
        <Coupons
          items={found.data?.items}
          onPick={(one) => write({ coupon: one.coupon ?? one.code })}
        />
      )}
      <Pager next={found.data?.next} />
      <CouponDrawer
        code={read('coupon') ?? ''}
        onClose={() => write({ coupon: '' })}
        onChanged={again}
      />
    </Flex>
  )
}

function Coupons({ items, onPick }: { items?: Coupon[]; onPick: (one: Coupon) => void }) {
  const { t } = useTranslation('coupons')
  const formats = useFormats()
  if (items && !items.length) return <Nothing text={t('couponNone')} />
  return (
    <Table<Coupon>
      size="small"
      rowKey="code"
      loading={!items}
      dataSource={items ?? []}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('code'),
          render: (_, one) => (
            <Button type="link" style={{ padding: 0 }} onClick={() => onPick(one)}>
              {one.printed}
            </Button>
          ),
        },
        {
          title: t('state'),
          render: (_, one) => (
            <Tag color={STANDING_COLORS[one.standing]}>{t(`standing.${one.standing}`)}</Tag>
          ),
        },
        {
          title: t('member'),
          render: (_, one) =>
            one.member ? <Typography.Text code>{one.member}</Typography.Text> : t('bearer'),
        },
        {
          title: t('source'),
          render: (_, one) => t(`sources.${one.source as 'batch'}`),
        },
        { title: t('issued'), render: (_, one) => formats.moment(one.issued_at) },
        {
          title: t('until'),
          render: (_, one) => (one.valid_until ? formats.moment(one.valid_until) : '—'),
        },
      ]}
    />
  )
}

function Give({ template, onGiven }: { template: Template; onGiven: () => void }) {
  const { t } = useTranslation('coupons')
  const [form] = Form.useForm<{ members: string[] }>()
  const [key, setKey] = useState(deedKey)
  const give = useMutation({
    mutationFn: ({ members }: { members: string[] }) =>
      told(
        client.POST('/v1/coupon-templates/{template}/coupons', {
          params: {
            path: { template: template.template },
            header: { 'idempotency-key': key },
          },
          body: { members },
        }),
      ),
    onSuccess: () => {
      setKey(deedKey())
      form.resetFields()
      onGiven()
    },
  })
  return (
    <>
      <Form form={form} layout="inline" onFinish={(values) => give.mutate(values)}>
        <Form.Item
          name="members"
          label={t('giveTo')}
          style={{ flex: '1 1 260px' }}
          rules={[{ required: true, message: t('needed') }]}
        >
          <Select
            mode="tags"
            open={false}
            suffix={null}
            tokenSeparators={[' ', ',', ';']}
            placeholder="card:4711"
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={give.isPending}>
          {t('giveThem')}
        </Button>
      </Form>
      <ProblemAlert problem={give.error} />
      {give.data && <Given items={give.data.items} />}
    </>
  )
}

function Given({ items }: { items: Schemas['GivenCoupon'][] }) {
  const { t } = useTranslation('coupons')
  const without = items.filter((one) => !one.coupon)
  return (
    <Alert
      type={without.length ? 'warning' : 'success'}
      showIcon
      title={t('given', { count: items.length - without.length })}
      description={
        without.length > 0 && (
          <ul style={{ margin: 0, paddingLeft: 18 }}>
            {without.map((one) => (
              <li key={one.member}>
                {one.member}: {one.detail}
              </li>
            ))}
          </ul>
        )
      }
    />
  )
}
