/** A new leaderboard: what is counted, of what, over which stretch. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { Form, Input, Modal, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { useProgram } from '../ledger/zones'
import { ProblemAlert } from '../shell/ProblemAlert'
import { words } from './draws'

interface Values {
  en: string
  zh?: string
  metric: Schemas['BoardTerms']['metric']
  subject?: string
  per: string
}

interface Asked {
  isOpen: boolean
  isBusy: boolean
  problem: unknown
  onCancel: () => void
  onWish: (body: Schemas['BoardTerms']) => void
}

const METRICS = ['points', 'check_ins', 'challenges'] as const
const PER = ['week', 'month', 'quarter', 'year', 'ever'] as const

export function BoardForm({ isOpen, isBusy, problem, onCancel, onWish }: Asked) {
  const { t } = useTranslation('play')
  const [form] = Form.useForm<Values>()
  const metric = Form.useWatch('metric', form)
  const currencies = useProgram()?.currencies ?? []
  const challenges = api.useQuery('get', '/v1/challenges', undefined, { enabled: isOpen })
  const subjects =
    metric === 'challenges'
      ? (challenges.data?.items ?? []).map((one) => ({ value: one.rule, label: one.name }))
      : currencies.map((one) => ({ value: one, label: one }))
  const needed = [{ required: true, message: t('needed') }]
  return (
    <Modal
      open={isOpen}
      title={t('board.add')}
      okText={t('shared:save')}
      cancelText={t('shared:cancel')}
      confirmLoading={isBusy}
      onCancel={onCancel}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ metric: 'points', per: 'month' }}
        onFinish={(values) =>
          onWish({
            name: words(values.en, values.zh),
            metric: values.metric,
            subject: values.metric === 'check_ins' ? '' : (values.subject ?? ''),
            per: values.per === 'ever' ? '' : values.per,
          })
        }
      >
        <Form.Item name="en" label={t('nameEn')} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="zh" label={t('nameZh')}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="metric" label={t('board.metric')}>
          <Select
            options={METRICS.map((one) => ({ value: one, label: t(`metrics.${one}`) }))}
            onChange={() => form.setFieldValue('subject', undefined)}
          />
        </Form.Item>
        {metric !== 'check_ins' && (
          <Form.Item name="subject" label={t('board.subject')} rules={needed}>
            <Select options={subjects} />
          </Form.Item>
        )}
        <Form.Item name="per" label={t('board.per')}>
          <Select options={PER.map((one) => ({ value: one, label: t(`per.${one}`) }))} />
        </Form.Item>
      </Form>
      <ProblemAlert problem={problem} />
    </Modal>
  )
}
