/** What is known of the person, masked; fields are opened for a purpose that the member may read. */
import { EyeOutlined } from '@ant-design/icons'
import { api, client, told, type Schemas } from '@regulars/shared/api/client'
import {
  Alert,
  Button,
  Card,
  Checkbox,
  Descriptions,
  Flex,
  Form,
  Input,
  Modal,
  Select,
  Skeleton,
} from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Nothing } from '../../shell/Nothing'
import { ProblemAlert } from '../../shell/ProblemAlert'
import { useMay } from '../../shell/session'
import { useDeed } from '../deeds/deed'

type Unmask = Schemas['UnmaskIn']
type Field = Unmask['fields'][number]

const FIELDS: Field[] = [
  'name',
  'phone',
  'email',
  'birthday',
  'address',
  'gender',
  'language',
  'wechat',
]
const PURPOSES: Unmask['purpose'][] = [
  'member_request',
  'contact',
  'delivery',
  'fraud',
  'duplicate',
  'legal',
]

export function ProfileCard({ member, isRestricted }: { member: string; isRestricted: boolean }) {
  const { t } = useTranslation('members')
  const may = useMay()
  const [isAsking, setAsking] = useState(false)
  const [open, setOpen] = useState<Record<string, unknown>>({})
  const { data, error, isPending, refetch } = api.useQuery(
    'get',
    '/v1/members/{ref}/profile',
    { params: { path: { ref: member } } },
    // Each look is on record: one is enough while the page is open.
    { staleTime: Infinity, retry: false },
  )
  const filled = FIELDS.filter((name) => data?.profile[name])
  return (
    <Card
      size="small"
      title={t('profile.title')}
      extra={
        may('profiles:unmask') &&
        filled.length > 0 && (
          <Button
            size="small"
            icon={<EyeOutlined />}
            disabled={isRestricted}
            title={isRestricted ? t('profile.restricted') : undefined}
            onClick={() => setAsking(true)}
          >
            {t('profile.open')}
          </Button>
        )
      }
    >
      {isPending && <Skeleton active paragraph={{ rows: 2 }} title={false} />}
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {data && !filled.length && <Nothing text={t('profile.empty')} />}
      {filled.length > 0 && (
        <Descriptions
          size="small"
          column={1}
          items={filled.map((name) => ({
            key: name,
            label: t(`field.${name}`),
            children: textOf(open[name]) ?? data?.profile[name],
          }))}
        />
      )}
      <UnmaskModal
        member={member}
        fields={filled}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onOpened={setOpen}
      />
    </Card>
  )
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function UnmaskModal(props: {
  member: string
  fields: Field[]
  isOpen: boolean
  onClose: () => void
  onOpened: (profile: Record<string, unknown>) => void
}) {
  const { t } = useTranslation(['members', 'shared'])
  const [form] = Form.useForm<Unmask>()
  const unmask = useDeed(
    (body: Unmask) =>
      told(
        client.POST('/v1/members/{ref}/profile:unmask', {
          params: { path: { ref: props.member } },
          body: { ...body, case: body.case.trim() },
        }),
      ),
    (answer) => {
      props.onOpened(answer.profile)
      props.onClose()
    },
  )
  return (
    <Modal
      open={props.isOpen}
      title={t('profile.open')}
      okText={t('profile.show')}
      cancelText={t('shared:cancel')}
      okButtonProps={{ loading: unmask.isPending }}
      onOk={() => form.submit()}
      onCancel={props.onClose}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={{ fields: props.fields.slice(0, 1), case: '' }}
        onFinish={(body) => unmask.mutate(body)}
      >
        <Flex vertical gap="small">
          <Alert type="info" showIcon title={t('profile.toldToMember')} />
          <Form.Item name="fields" label={t('profile.fields')} rules={[{ required: true }]}>
            <Checkbox.Group
              options={props.fields.map((name) => ({ value: name, label: t(`field.${name}`) }))}
            />
          </Form.Item>
          <Form.Item name="purpose" label={t('profile.purpose')} rules={[{ required: true }]}>
            <Select options={PURPOSES.map((one) => ({ value: one, label: t(`purpose.${one}`) }))} />
          </Form.Item>
          <Form.Item name="case" label={t('profile.case')} extra={t('profile.caseHint')}>
            <Input maxLength={40} placeholder="T-4711" />
          </Form.Item>
          <ProblemAlert problem={unmask.error} />
        </Flex>
      </Form>
    </Modal>
  )
}
