/** Differences in words, by the part of the program that they are in. */
import { Flex, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { jumpTo } from '../forms/jumps'

export interface Change {
  kind: string
  pointer: string
  section: string
  words: string
}

const COLORS: Record<string, string> = { added: 'success', removed: 'error', changed: 'processing' }

export function ChangeList({ changes }: { changes: Change[] }) {
  const { t } = useTranslation('program')
  if (!changes.length) return <p>{t('diff.none')}</p>
  const sections = new Map<string, Change[]>()
  for (const change of changes) {
    const section = jumpTo(change.pointer)?.section ?? 'head'
    sections.set(section, [...(sections.get(section) ?? []), change])
  }
  return (
    <Flex vertical gap="middle">
      {[...sections].map(([section, found]) => (
        <section key={section} aria-label={t(`sections.${section}`)}>
          <Typography.Text strong>{t(`sections.${section}`)}</Typography.Text>
          <ul style={{ margin: '6px 0 0', padding: 0, listStyle: 'none' }}>
            {found.map((change, number) => (
              <li key={number} style={{ padding: '3px 0' }}>
                <Tag color={COLORS[change.kind] ?? 'default'}>
                  {t(`diff.kinds.${change.kind}`, { defaultValue: change.kind })}
                </Tag>
                {change.words}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Flex>
  )
}
