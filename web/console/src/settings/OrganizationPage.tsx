/** What the organization decides for itself, each choice with what it means. */
import { api, type Schemas } from '@regulars/shared/api/client'
import { App, Button, Card, Flex, Form, InputNumber, Select, Skeleton, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { RetentionFields } from './RetentionFields'
import { SettingsFrame } from './SettingsFrame'
import { ProblemAlert } from '../shell/ProblemAlert'
import { useSecondFactor } from '../shell/SecondFactor'

type Settings = Schemas['OrganizationSettings']

export function Component() {
  const { t } = useTranslation('settings')
  const found = api.useQuery('get', '/v1/organization')
  return (
    <SettingsFrame active="organization">
      <ProblemAlert problem={found.error} onRetry={() => void found.refetch()} />
      {!found.data && !found.error && <Skeleton active paragraph={{ rows: 10 }} />}
      {found.data && (
        <Flex vertical gap="middle" style={{ maxWidth: 880 }}>
          <Card>{t('organization.name', { name: found.data.name, code: found.data.code })}</Card>
          <SettingsForm settings={found.data.settings} onSaved={() => void found.refetch()} />
        </Flex>
      )}
    </SettingsFrame>
  )
}

function SettingsForm({ settings, onSaved }: { settings: Settings; onSaved: () => void }) {
  const { t } = useTranslation('settings')
  const { message } = App.useApp()
  const guarded = useSecondFactor()
  const [form] = Form.useForm<Settings>()
  const save = api.useMutation('put', '/v1/organization/settings')
  const send = async (fields: Settings) => {
    const body = { ...settings, ...fields, privacy: withoutEmpty(fields.privacy) }
    const done = await guarded(() => save.mutateAsync({ body })).catch(() => undefined)
    if (done) {
      message.success(t('organization.saved'))
      onSaved()
    }
  }
  const row = (name: string[], children: ReactNode, valuePropName = 'value') => (
    <Form.Item
      name={name}
      valuePropName={valuePropName}
      label={t(`organization.${name.join('.')}.label`)}
      extra={t(`organization.${name.join('.')}.hint`)}
    >
      {children}
    </Form.Item>
  )
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={settings}
      onFinish={(fields) => void send(fields)}
    >
      <Flex vertical gap="middle">
        <Card title={t('organization.approvals.title')}>
          {row(
            ['approvals', 'adjustment_limit'],
            <InputNumber min={0} precision={0} style={{ width: 180 }} />,
          )}
          {row(['approvals', 'publication'], <Switch />, 'checked')}
          {row(['approvals', 'personal_export'], <Switch />, 'checked')}
          {row(['approvals', 'second_factor'], <Switch />, 'checked')}
        </Card>
        <Card title={t('organization.enrolment.title')}>
          {row(['enrolment', 'risk', 'hold_from'], <InputNumber min={1} max={101} precision={0} />)}
          {row(
            ['enrolment', 'risk', 'refuse_from'],
            <InputNumber min={1} max={101} precision={0} />,
          )}
          {row(['enrolment', 'guarded_until'], <InputNumber min={0} max={21} precision={0} />)}
          {row(['enrolment', 'purposes'], <Select mode="tags" open={false} suffix={null} />)}
        </Card>
        <Card title={t('organization.privacy.title')}>
          {row(
            ['privacy', 'erased_points'],
            <Select
              style={{ maxWidth: 360 }}
              options={(['keep', 'forfeit'] as const).map((value) => ({
                value,
                label: t(`organization.erased.${value}`),
              }))}
            />,
          )}
          <RetentionFields />
        </Card>
        <Card title={t('organization.verification.title')}>
          {row(['verification', 'nightly'], <Switch />, 'checked')}
          {row(['verification', 'hour'], <InputNumber min={0} max={23} precision={0} />)}
        </Card>
        <Card title={t('organization.orders.title')}>
          {row(
            ['orders', 'cancel_within_hours'],
            <InputNumber min={0} max={8784} precision={0} style={{ width: 180 }} />,
          )}
        </Card>
        <ProblemAlert problem={save.error} />
        <Flex gap="small">
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('shared:save')}
          </Button>
          <Button onClick={() => form.resetFields()}>{t('shared:undo')}</Button>
        </Flex>
      </Flex>
    </Form>
  )
}

/** A period that was emptied is as by default again. */
function withoutEmpty(privacy: Settings['privacy']): Settings['privacy'] {
  const entries = Object.entries(privacy.retention).filter(([, span]) => span)
  return { ...privacy, retention: Object.fromEntries(entries) }
}
