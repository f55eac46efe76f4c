/** Another password. */
import { api } from '@regulars/shared/api/client'
import { App, Button, Card, Flex, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'
import { useMe } from '../shell/session'

interface Fields {
  old: string
  new: string
}

export function PasswordCard() {
  const { t } = useTranslation('settings')
  const { message } = App.useApp()
  const { staff } = useMe()
  const [form] = Form.useForm<Fields>()
  const change = api.useMutation('post', '/v1/staff/me/password', {
    onSuccess: () => {
      form.resetFields()
      message.success(t('password.done'))
    },
  })
  return (
    <Card title={t('password.title')}>
      <Form
        form={form}
        layout="vertical"
        style={{ maxWidth: 420 }}
        onFinish={(body) => change.mutate({ body })}
      >
        {/* Password managers want to know whose password it is. */}
        <input type="hidden" autoComplete="username" value={staff.email} readOnly />
        <Form.Item name="old" label={t('password.old')} rules={[{ required: true, message: '' }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="new"
          label={t('password.new')}
          extra={t('password.hint')}
          rules={[{ required: true, message: '' }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Flex vertical gap="small" align="start">
          <ProblemAlert problem={change.error} />
          <Button htmlType="submit" loading={change.isPending}>
            {t('password.change')}
          </Button>
        </Flex>
      </Form>
    </Card>
  )
}
