/** What a draw promises: its price, its limits, and prizes whose odds add up to the whole. */
import { client, deedKey, told } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import {
  Alert,
  App,
  Button,
  DatePicker,
  Flex,
  Form,
  Input,
  InputNumber,
  Select,
  Switch,
} from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { useProgram } from '../ledger/zones'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { bodyOf, emptyDraw, missing, valuesOf, type Draw, type DrawValues } from './draws'
import { PrizeFields } from './PrizeFields'

export function DrawForm({ draw, onSaved }: { draw?: Draw; onSaved?: () => void }) {
  const { t } = useTranslation('play')
  const { message } = App.useApp()
  const navigate = useNavigate()
  const may = useMay()
  const currencies = useProgram()?.currencies ?? []
  const key = useRef(deedKey())
  const [form] = Form.useForm<DrawValues>()
  const watched = Form.useWatch([], form) as Partial<DrawValues> | undefined
  const outOf = watched?.outOf ?? 0
  const prizes = watched?.prizes ?? []
  const left = missing(outOf, prizes)
  const save = useMutation({
    mutationFn: (values: DrawValues) => {
      const body = bodyOf(values, currencies[0] ?? 'points', draw)
      return draw
        ? told(
            client.PUT('/v1/draws/{draw}', {
              params: { path: { draw: draw.draw }, header: { 'if-match': `"${draw.revision}"` } },
              body,
            }),
          )
        : told(
            client.POST('/v1/draws', {
              params: { header: { 'idempotency-key': key.current } },
              body,
            }),
          )
    },
    onSuccess: (made) => {
      void message.success(t('saved'))
      if (draw) onSaved?.()
      else void navigate(`/play/draws/${made.draw}`, { replace: true })
    },
    onError: () => (key.current = deedKey()),
  })
  const needed = [{ required: true, message: t('needed') }]
  const isOpen = may('offers:write') && (!draw || draw.state === 'draft')
  return (
    <Form<DrawValues>
      form={form}
      layout="vertical"
      disabled={!isOpen}
      initialValues={draw ? valuesOf(draw) : emptyDraw()}
      onFinish={(values) => save.mutate(values)}
    >
      <Flex gap="middle" wrap>
        <Form.Item name="en" label={t('nameEn')} rules={needed} style={{ flex: '1 1 200px' }}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="zh" label={t('nameZh')} style={{ flex: '1 1 200px' }}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="span" label={t('draw.span')} rules={needed}>
          <DatePicker.RangePicker showTime={{ format: 'HH:mm' }} />
        </Form.Item>
      </Flex>
      <Flex gap="middle" wrap>
        <Form.Item name="price" label={t('draw.pricePoints')}>
          <InputNumber min={0} precision={0} />
        </Form.Item>
        <Form.Item name="currency" label={t('draw.currency')} style={{ minWidth: 120 }}>
          <Select allowClear options={currencies.map((one) => ({ value: one, label: one }))} />
        </Form.Item>
        <Form.Item name="byChance" label={t('draw.byChance')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="perDay" label={t('draw.perDay')}>
          <InputNumber min={1} max={10000} precision={0} />
        </Form.Item>
        <Form.Item name="ever" label={t('draw.ever')}>
          <InputNumber min={1} max={10000} precision={0} />
        </Form.Item>
        <Form.Item name="outOf" label={t('draw.outOf')} rules={needed}>
          <InputNumber min={1} max={1_000_000_000} precision={0} />
        </Form.Item>
      </Flex>
      <PrizeFields outOf={outOf} currencies={currencies} />
      {left !== 0 && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 16 }}
          title={
            left > 0 ? t('draw.missing', { count: left }) : t('draw.tooMuch', { count: -left })
          }
        />
      )}
      <Form.Item name="instead" label={t('draw.instead')} style={{ maxWidth: 320 }}>
        <Select
          options={[
            { value: '', label: t('draw.insteadNothing') },
            ...prizes
              .filter((one) => one.code && !one.stock && one.kind !== 'nothing')
              .map((one) => ({ value: one.code, label: one.en || one.code })),
          ]}
        />
      </Form.Item>
      <ProblemAlert problem={save.error} />
      {isOpen && (
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={left !== 0}>
          {t('shared:save')}
        </Button>
      )}
    </Form>
  )
}
