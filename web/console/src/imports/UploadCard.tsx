/** Where a file is dropped, and a sample for who has none. */
import { InboxOutlined } from '@ant-design/icons'
import { Button, Card, Flex, Progress, Typography, Upload } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { useFileProblem } from './fileProblems'
import { useSending } from './sending'
import { ProblemAlert } from '../shell/ProblemAlert'

export function UploadCard() {
  const { t } = useTranslation('imports')
  const navigate = useNavigate()
  const sending = useSending()
  const problem = useFileProblem(sending.problem)

  const send = async (file: File) => {
    const opened = await sending.send(file)
    if (opened) await navigate(`/imports/${opened.file.id}`)
  }
  return (
    <Card>
      {sending.share === undefined ? (
        <Upload.Dragger
          showUploadList={false}
          beforeUpload={(file) => {
            void send(file)
            return false
          }}
        >
          <p className="ant-upload-drag-icon">
            <InboxOutlined />
          </p>
          <p className="ant-upload-text">{t('upload.drop')}</p>
          <p className="ant-upload-hint">{t('upload.kinds')}</p>
        </Upload.Dragger>
      ) : (
        <Flex vertical align="center" gap="middle" style={{ padding: 32 }}>
          <Progress
            type="circle"
            percent={Math.floor(sending.share * 100)}
            aria-label={t('upload.sending')}
          />
          <Typography.Text role="status">
            {sending.share < 1 ? t('upload.sending') : t('upload.looking')}
          </Typography.Text>
          <Button onClick={sending.stop}>{t('shared:cancel')}</Button>
        </Flex>
      )}
      <Flex gap="small" wrap align="center" style={{ marginTop: 12 }}>
        <Typography.Text type="secondary">{t('upload.none')}</Typography.Text>
        <Button type="link" href="/v1/imports/sample.csv" download="receipts.csv" size="small">
          {t('upload.sample')}
        </Button>
      </Flex>
      <ProblemAlert problem={problem} />
    </Card>
  )
}
