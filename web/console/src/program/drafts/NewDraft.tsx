/** Begin a draft, with the text of a version. */
import { PlusOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Button, Flex, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { ProblemAlert } from '../../shell/ProblemAlert'

interface Props {
  /** The version to begin from; the newest when left out. */
  version?: number
  label?: string
  isLink?: boolean
}

export function NewDraft({ version, label, isLink = false }: Props) {
  const { t } = useTranslation('program')
  const formats = useFormats()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const [form] = Form.useForm<{ name: string }>()
  const create = api.useMutation('post', '/v1/drafts')
  const begin = async ({ name }: { name: string }) => {
    const body = { name: name.trim(), document: null, from_version: version ?? null }
    const made = await create.mutateAsync({ body })
    await navigate(`/program/drafts/${made.draft}`)
  }
  return (
    <>
      <Button
        type={isLink ? 'link' : 'primary'}
        size={isLink ? 'small' : 'middle'}
        icon={isLink ? undefined : <PlusOutlined />}
        onClick={() => setOpen(true)}
      >
        {label ?? t('newDraft.title')}
      </Button>
      <Modal
        open={isOpen}
        title={t('newDraft.title')}
        okText={t('newDraft.go')}
        cancelText={t('shared:cancel')}
        okButtonProps={{ loading: create.isPending }}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <Form
          form={form}
          layout="vertical"
          preserve={false}
          initialValues={{ name: t('newDraft.called', { day: formats.day(new Date()) }) }}
          onFinish={(values) => {
            begin(values).catch(() => undefined)
          }}
        >
          <Flex vertical gap="middle">
            <span>
              {version === undefined
                ? t('newDraft.fromNewest')
                : t('newDraft.fromVersion', { version })}
            </span>
            <Form.Item
              name="name"
              label={t('newDraft.name')}
              extra={t('newDraft.nameHint')}
              rules={[{ required: true, whitespace: true, message: t('newDraft.nameNeeded') }]}
            >
              <Input maxLength={100} autoFocus />
            </Form.Item>
            <ProblemAlert problem={create.error} />
          </Flex>
        </Form>
      </Modal>
    </>
  )
}
