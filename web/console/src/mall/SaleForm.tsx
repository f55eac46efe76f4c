/** Which variant, at which price, how many, from when until when. */
import { api, client, told } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { App, Button, DatePicker, Flex, Form, Input, InputNumber, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { useProgram } from '../ledger/zones'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { STATES, unitsOf, useWords, type Sale } from './money'
import { namesOf } from './rewards'

interface Values {
  variant: string
  en?: string
  zh?: string
  state: Sale['state']
  points: number
  cash?: number | null
  pieces: number
  perMember: number
  span: [Dayjs, Dayjs]
  payMinutes: number
}

export function SaleForm({ sale, onSaved }: { sale?: Sale; onSaved?: () => void }) {
  const { t } = useTranslation('mall')
  const { message } = App.useApp()
  const navigate = useNavigate()
  const may = useMay()
  const program = useProgram()
  const units = unitsOf(program?.money ?? '')
  const variants = useVariants(sale)
  const save = useMutation({
    mutationFn: (values: Values) => {
      const body = {
        variant: values.variant,
        name: namesOf(values.en, values.zh),
        state: values.state,
        points: values.points,
        cash: values.cash
          ? { amount: Math.round(values.cash * units), currency: program?.money ?? '' }
          : null,
        pieces: values.pieces,
        per_member: values.perMember,
        starts_at: values.span[0].toISOString(),
        ends_at: values.span[1].toISOString(),
        pay_minutes: values.payMinutes,
      }
      return sale
        ? told(
            client.PUT('/v1/sales/{sale}', {
              params: { path: { sale: sale.sale }, header: { 'if-match': `"${sale.revision}"` } },
              body,
            }),
          )
        : told(client.POST('/v1/sales', { body }))
    },
    onSuccess: (made) => {
      void message.success(t('saved'))
      if (sale) onSaved?.()
      else void navigate(`/mall/sales/${made.sale}`, { replace: true })
    },
  })
  const needed = [{ required: true, message: t('needed') }]
  return (
    <Form<Values>
      layout="vertical"
      disabled={!may('offers:write')}
      initialValues={
        sale
          ? {
              variant: sale.variant,
              en: sale.name['en'],
              zh: sale.name['zh-CN'],
              state: sale.state,
              points: sale.points,
              cash: sale.cash ? sale.cash.amount / units : null,
              pieces: sale.pieces,
              perMember: sale.per_member,
              span: [dayjs(sale.starts_at), dayjs(sale.ends_at)],
              payMinutes: sale.pay_minutes,
            }
          : { state: 'draft', pieces: 100, perMember: 1, points: 1, payMinutes: 15 }
      }
      onFinish={(values) => save.mutate(values)}
    >
      <Flex gap="middle" wrap>
        <Form.Item
          name="variant"
          label={t('reward.one')}
          rules={needed}
          style={{ flex: '1 1 260px' }}
        >
          <Select disabled={sale !== undefined} options={variants} />
        </Form.Item>
        <Form.Item name="state" label={t('state')} style={{ minWidth: 130 }}>
          <Select options={STATES.map((one) => ({ value: one, label: t(`states.${one}`) }))} />
        </Form.Item>
      </Flex>
      <Flex gap="middle" wrap>
        <Form.Item name="en" label={t('nameEn')} style={{ flex: '1 1 200px' }}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="zh" label={t('nameZh')} style={{ flex: '1 1 200px' }}>
          <Input maxLength={100} />
        </Form.Item>
      </Flex>
      <Flex gap="middle" wrap>
        <Form.Item name="points" label={t('points')} rules={needed}>
          <InputNumber min={0} precision={0} />
        </Form.Item>
        <Form.Item name="cash" label={t('cash', { money: program?.money ?? '' })}>
          <InputNumber min={0} precision={2} />
        </Form.Item>
        <Form.Item name="pieces" label={t('sale.pieces')} rules={needed}>
          <InputNumber min={1} precision={0} />
        </Form.Item>
        <Form.Item name="perMember" label={t('perMember')} rules={needed}>
          <InputNumber min={1} max={1000} precision={0} />
        </Form.Item>
        <Form.Item name="payMinutes" label={t('sale.payMinutes')} rules={needed}>
          <InputNumber min={1} max={120} precision={0} />
        </Form.Item>
        <Form.Item name="span" label={t('sale.span')} rules={needed}>
          <DatePicker.RangePicker showTime={{ format: 'HH:mm' }} />
        </Form.Item>
      </Flex>
      <ProblemAlert problem={save.error} />
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {t('shared:save')}
      </Button>
    </Form>
  )
}

/** Every variant of what is not over, to choose from. */
function useVariants(sale?: Sale): { value: string; label: string }[] {
  const words = useWords()
  const { data } = api.useQuery('get', '/v1/rewards', { params: { query: { limit: 200 } } })
  const found = (data?.items ?? [])
    .filter((one) => one.state !== 'ended')
    .flatMap((one) =>
      one.variants.map((variant) => ({
        value: variant.variant,
        label: [words(one.terms.name), words(variant.name), variant.sku]
          .filter(Boolean)
          .join(' · '),
      })),
    )
  if (sale && !found.some((one) => one.value === sale.variant))
    found.push({ value: sale.variant, label: sale.reward_name })
  return found
}
