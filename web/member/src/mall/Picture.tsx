/** A picture of a reward; where there is none, its first letter. */
interface Props {
  src: string | null | undefined
  name: string
}

export function Picture({ src, name }: Props) {
  return src ? (
    <img className="picture" src={src} alt="" loading="lazy" />
  ) : (
    <span className="picture none" aria-hidden="true">
      {Array.from(name)[0] ?? ''}
    </span>
  )
}
