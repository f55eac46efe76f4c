/** A sale among what is offered: when it begins, or that it is on. */
import { useFormats } from '@regulars/shared/formats'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import type { Sale } from './asking'
import { Picture } from './Picture'
import { Price } from './Price'

export function SaleRow({ sale }: { sale: Sale }) {
  const { t } = useTranslation('mall')
  const { moment } = useFormats()
  return (
    <Link className="row salerow" to={`/mall/sales/${sale.sale}`}>
      <Picture src={sale.picture} name={sale.reward_name} />
      <span>
        <strong>{sale.name}</strong>
        <small>
          {sale.phase === 'not_begun'
            ? t('sale.begins', { at: moment(sale.starts_at) })
            : t(`sale.phase.${sale.phase}`)}
        </small>
        <Price points={sale.points} currency={sale.currency} cash={sale.cash} />
      </span>
    </Link>
  )
}
