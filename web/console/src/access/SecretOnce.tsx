/** A secret that is told this once: to copy, and to close when it is kept somewhere. */
import { Alert, Button, Flex, Modal, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

interface Props {
  /** What it is the secret of; nothing is shown without one. */
  title: string
  values: { label: string; text: string }[] | undefined
  note?: string | undefined
  onClose: () => void
}

export function SecretOnce({ title, values, note, onClose }: Props) {
  const { t } = useTranslation('access')
  return (
    <Modal
      open={values !== undefined}
      title={title}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('secret.kept')}
        </Button>
      }
    >
      <Flex vertical gap="middle">
        <Alert type="warning" showIcon title={t('secret.once')} description={note} />
        {values?.map(({ label, text }) => (
          <div key={label}>
            <Typography.Text type="secondary">{label}</Typography.Text>
            <Typography.Paragraph
              code
              copyable={{ text, tooltips: [t('shared:copy'), t('shared:copied')] }}
              style={{ margin: 0, wordBreak: 'break-all' }}
            >
              {text}
            </Typography.Paragraph>
          </div>
        ))}
      </Flex>
    </Modal>
  )
}
