/** Computes the chain of the audit trail again, when somebody asks. */
import { SafetyCertificateOutlined } from '@ant-design/icons'
import { api } from '@regulars/shared/api/client'
import { useFormats } from '@regulars/shared/formats'
import { Alert, Button, Flex, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemAlert } from '../shell/ProblemAlert'

export function AuditCheck() {
  const { t } = useTranslation('settings')
  const formats = useFormats()
  const [isAsked, setAsked] = useState(false)
  const found = api.useQuery('get', '/v1/audit:verify', {}, { enabled: isAsked, staleTime: 0 })
  const verdict = found.data
  return (
    <Flex vertical gap="small" align="start">
      <Button
        icon={<SafetyCertificateOutlined />}
        loading={found.isFetching}
        onClick={() => (isAsked ? void found.refetch() : setAsked(true))}
      >
        {t('audit.check')}
      </Button>
      <ProblemAlert problem={found.error} />
      {verdict && (
        <Alert
          type={verdict.clean ? 'success' : 'error'}
          showIcon
          title={verdict.clean ? t('audit.clean') : t('audit.flawed')}
          description={
            <>
              {verdict.flaws.map((flaw) => (
                <div key={`${flaw.wrong}-${flaw.entry ?? flaw.link ?? ''}`}>{flaw.detail}</div>
              ))}
              {verdict.head && (
                <Typography.Text
                  copyable={{ text: verdict.head }}
                  style={{ wordBreak: 'break-all' }}
                >
                  {t('audit.head', { head: verdict.head })}
                </Typography.Text>
              )}
              <div>{t('audit.unsealed', { rows: formats.count(verdict.unsealed) })}</div>
            </>
          }
        />
      )}
    </Flex>
  )
}
