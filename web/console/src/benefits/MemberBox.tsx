/** Narrows a list to one member, by whatever one has of them. */
import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  value: string
  onSearch: (member: string) => void
}

export function MemberBox({ value, onSearch }: Props) {
  const { t } = useTranslation('benefits')
  const [text, setText] = useState(value)
  return (
    <Input.Search
      allowClear
      aria-label={t('filter.member')}
      placeholder={t('filter.memberHint')}
      style={{ width: 230 }}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onSearch={(member) => onSearch(member.trim())}
    />
  )
}
