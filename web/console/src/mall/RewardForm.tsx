/** What a reward is, in both languages: for whom, when, at which price. */
import { api, client, told } from '@regulars/shared/api/client'
import { useMutation } from '@tanstack/react-query'
import { App, Button, DatePicker, Flex, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { useProgram } from '../ledger/zones'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useMay } from '../shell/session'
import { KindFields } from './KindFields'
import { KINDS, STATES, type Reward } from './money'
import { rewardOf, valuesOf, type RewardValues } from './rewards'
import { VariantFields } from './VariantFields'

const PERS = ['day', 'week', 'month', 'year', 'ever'] as const
const NEW: Partial<RewardValues> = {
  kind: 'goods',
  state: 'draft',
  ways: ['pick_up'],
  per: 'ever',
  rank: 100,
  variants: [{ points: 100 }],
}

export function RewardForm({ reward, onSaved }: { reward?: Reward; onSaved?: () => void }) {
  const { t } = useTranslation('mall')
  const { message } = App.useApp()
  const navigate = useNavigate()
  const may = useMay()
  const program = useProgram()
  const [form] = Form.useForm<RewardValues>()
  const save = useMutation({
    mutationFn: (values: RewardValues) => {
      const body = rewardOf(values, program?.money ?? '', reward)
      return reward
        ? told(
            client.PUT('/v1/rewards/{reward}', {
              params: {
                path: { reward: reward.reward },
                header: { 'if-match': `"${reward.revision}"` },
              },
              body,
            }),
          )
        : told(client.POST('/v1/rewards', { body }))
    },
    onSuccess: (made) => {
      void message.success(t('saved'))
      if (reward) onSaved?.()
      else void navigate(`/mall/rewards/${made.reward}`, { replace: true })
    },
  })
  const categories = api.useQuery('get', '/v1/rewards/categories').data?.items ?? []
  if (!program) return null
  return (
    <Form<RewardValues>
      form={form}
      layout="vertical"
      disabled={!may('offers:write')}
      initialValues={reward ? valuesOf(reward) : { ...NEW, currency: program.currencies[0] }}
      onFinish={(values) => save.mutate(values)}
    >
      <Flex gap="middle" wrap>
        <Form.Item name="kind" label={t('kind')} style={{ minWidth: 170 }}>
          <Select
            disabled={reward !== undefined}
            options={KINDS.map((one) => ({ value: one, label: t(`kinds.${one}`) }))}
          />
        </Form.Item>
        <Form.Item name="state" label={t('state')} style={{ minWidth: 130 }}>
          <Select options={STATES.map((one) => ({ value: one, label: t(`states.${one}`) }))} />
        </Form.Item>
        <Form.Item name="currency" label={t('currency')} style={{ minWidth: 130 }}>
          <Select options={program.currencies.map((one) => ({ value: one, label: one }))} />
        </Form.Item>
        <Form.Item name="rank" label={t('rank')} extra={t('rankHint')}>
          <InputNumber min={0} max={100_000} precision={0} />
        </Form.Item>
      </Flex>
      <Flex gap="middle" wrap>
        <Form.Item
          name="en"
          label={t('nameEn')}
          style={{ flex: '1 1 240px' }}
          dependencies={['zh']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, value?: string) =>
                value?.trim() || (getFieldValue('zh') as string | undefined)?.trim()
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('nameNeeded'))),
            }),
          ]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="zh" label={t('nameZh')} style={{ flex: '1 1 240px' }}>
          <Input maxLength={100} />
        </Form.Item>
      </Flex>
      <Flex gap="middle" wrap>
        <Form.Item name="describedEn" label={t('describedEn')} style={{ flex: '1 1 240px' }}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
        <Form.Item name="describedZh" label={t('describedZh')} style={{ flex: '1 1 240px' }}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
      </Flex>
      <Flex gap="middle" wrap>
        <Form.Item name="category" label={t('category')}>
          <Input maxLength={60} list="reward-categories" />
        </Form.Item>
        <datalist id="reward-categories">
          {categories.map((one) => (
            <option key={one.category} value={one.category} />
          ))}
        </datalist>
        <Form.Item name="most" label={t('perMember')} extra={t('perMemberHint')}>
          <InputNumber min={1} max={10_000} precision={0} />
        </Form.Item>
        <Form.Item name="per" label={t('per')} style={{ minWidth: 120 }}>
          <Select options={PERS.map((one) => ({ value: one, label: t(`pers.${one}`) }))} />
        </Form.Item>
        <Form.Item name="starts" label={t('starts')}>
          <DatePicker showTime={{ format: 'HH:mm' }} />
        </Form.Item>
        <Form.Item name="ends" label={t('ends')}>
          <DatePicker showTime={{ format: 'HH:mm' }} />
        </Form.Item>
      </Flex>
      <Flex gap="middle" wrap>
        {program.tiers.length > 0 && (
          <Form.Item name="tiers" label={t('tiers')} style={{ minWidth: 200 }}>
            <Select
              mode="multiple"
              placeholder={t('everyone')}
              options={program.tiers.map((one) => ({
                value: one,
                label: program.names[one] ?? one,
              }))}
            />
          </Form.Item>
        )}
        <Form.Item
          name="where"
          label={t('where')}
          extra={t('whereHint')}
          style={{ flex: '1 1 260px' }}
        >
          <Input maxLength={2000} spellCheck={false} />
        </Form.Item>
      </Flex>
      <KindFields />
      <VariantFields money={program.money} />
      <ProblemAlert problem={save.error} />
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {t('shared:save')}
      </Button>
    </Form>
  )
}
