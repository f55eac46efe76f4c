/** Chooses a partner by the name that benefits give it. */
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'

interface Props {
  id?: string
  partners: string[]
  value?: string
  onChange?: (partner: string) => void
}

export function PartnerSelect({ partners, ...rest }: Props) {
  const { t } = useTranslation('partners')
  return (
    <Select
      {...rest}
      showSearch
      placeholder={t('field.partner')}
      notFoundContent={t('none')}
      options={partners.map((one) => ({ value: one, label: one }))}
    />
  )
}
