/** Each thing that must hold of the books, whether it does, and what breaks it. */
import { CheckCircleOutlined, CloseCircleOutlined } from '@ant-design/icons'
import type { Schemas } from '@regulars/shared/api/client'
import { Collapse, Flex, theme, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { TRADE } from './trade'

type Claim = Schemas['Claim']

const NAMES: Record<string, string> = {
  'transfers of each currency sum to zero': 'sumToZero',
  'accounts are the sum of their transfers': 'accounts',
  'no account is below its floor': 'floor',
  'lots and holds make up the accounts': 'lots',
  'lots are what was earned less what was used': 'uses',
  'every lot has its transfer': 'origins',
  'every transfer has its event': 'orphans',
  'every event has its member': 'strangers',
  'every event was decided exactly once': 'once',
  'holds are the sum of their parts': 'holdParts',
  'no return waits for a purchase that is there': 'returns',
  'replaying every event gives the ledger': 'replay',
}

/** Members and transfers that are named lead to their pages. */
const NAMED = /(mem_[0-9a-z]{13}|trf_[0-9a-z]{13})/

export function Claims({ proofs, isOpen }: { proofs: Claim[]; isOpen: boolean }) {
  const { t } = useTranslation('ledger')
  const { token } = theme.useToken()
  const list = (
    <Flex vertical gap={8}>
      {proofs.map(({ claim, offenders }) => {
        const name = NAMES[claim]
        const holds = offenders.length === 0
        return (
          <div key={claim}>
            <Flex gap={8} align="start">
              {holds ? (
                <CheckCircleOutlined
                  aria-label={t('claim.is')}
                  style={{ color: token.colorSuccess, marginTop: 4 }}
                />
              ) : (
                <CloseCircleOutlined
                  aria-label={t('claim.isNot')}
                  style={{ color: token.colorError, marginTop: 4 }}
                />
              )}
              <span>
                <Typography.Text strong={!holds}>
                  {name ? t(`claim.${name}.says`) : said(claim, t)}
                </Typography.Text>
                {!holds && name && (
                  <Typography.Paragraph type="secondary" style={{ margin: 0 }}>
                    {t(`claim.${name}.means`)}
                  </Typography.Paragraph>
                )}
              </span>
            </Flex>
            {!holds && (
              <ul style={{ margin: '4px 0 0 16px', maxHeight: 280, overflow: 'auto' }}>
                {offenders.map((words) => (
                  <li key={words}>
                    <Linked text={words} />
                  </li>
                ))}
              </ul>
            )}
          </div>
        )
      })}
    </Flex>
  )
  return (
    <Collapse
      size="small"
      defaultActiveKey={isOpen ? ['claims'] : []}
      items={[{ key: 'claims', label: t('claim.title', { count: proofs.length }), children: list }]}
    />
  )
}

function Linked({ text }: { text: string }) {
  return text.split(NAMED).map((part, place) => {
    if (!NAMED.test(part)) return part
    const to = part.startsWith('mem_') ? `/members/${part}` : `/ledger/transfers?transfer=${part}`
    return (
      <Link key={`${String(place)}${part}`} to={to}>
        {part}
      </Link>
    )
  })
}

function said(claim: string, t: (key: string) => string): string {
  const word = TRADE[claim]
  return word ? t(`trade.${word}`) : claim
}
