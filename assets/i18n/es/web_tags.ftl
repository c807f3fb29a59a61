## Categorías de etiquetas
nav-tag-categories = Categorías de etiquetas
tag-categories-empty = Aún no hay categorías de etiquetas. Una categoría reúne las etiquetas de un tipo: aulas, sabores, sedes.
tag-category = Categoría
tag-category-new = Categoría de etiquetas nueva
tag-category-disabled = desactivada
tag-category-delete-question = ¿Borrar la categoría de etiquetas { $name }?
hint-tag-category-enabled = Las etiquetas de una categoría desactivada no tienen efecto y no se ofrecen.
tag-kind-normal = Normal: una etiqueta se representa a sí misma
tag-kind-list = Lista: representa cada valor entre comas
tag-kind-right = Añade por la derecha: A.B.C, B.C, C
tag-kind-left = Añade por la izquierda: A, A.B, A.B.C
hint-tag-category-kind = Qué representa una etiqueta. Con otra clase se crean los atributos que las etiquetas representen entonces.
loss-tags = { $count ->
    [one] { $count } etiqueta
   *[other] { $count } etiquetas
}
thing-tag-category = categoría de etiquetas

## Etiquetas
nav-tags = Etiquetas
tags-empty = Aún no hay etiquetas.
tags-search = Etiqueta o descripción
tag-new = Etiqueta nueva
tag-given-to = Asignada a
tag-had-by = La tienen
tag-delete-question = ¿Borrar la etiqueta { $name }?
loss-tag-given = { $count ->
    [one] { $count } ordenador que la tiene asignada
   *[other] { $count } ordenadores que la tienen asignada
}
field-tag = Etiqueta
field-given = Asignada a
hint-tag-value = La etiqueta se llama PREFIJO-valor. En las categorías que añaden por un lado, los puntos separan las partes: PLANTA-1.CENTRAL.MADRID.
hint-tag-computers = Uno por línea, CID-7 o 7. Reciben los atributos de la etiqueta en su próxima sincronización.
hint-computer-tags = Una por línea, PREFIJO-valor. Lo que representan cuenta desde la próxima sincronización.
thing-tag = etiqueta

## Conjuntos de atributos
nav-attribute-sets = Conjuntos de atributos
attribute-sets-empty = Aún no hay conjuntos de atributos. Un conjunto es un grupo de ordenadores definido por atributos, y un atributo él mismo.
attribute-sets-search = Nombre o descripción
attribute-set-new = Conjunto de atributos nuevo
attribute-set-attribute = Su atributo
attribute-set-delete-question = ¿Borrar el conjunto de atributos { $name } y su atributo?
field-set-target = Quién está en él
hint-attribute-set-name = Su atributo se llama SET-nombre.
hint-attribute-set-enabled = Nadie está en un conjunto desactivado.
thing-attribute-set = conjunto de atributos

## Qué nombra un atributo
attribute-tag = Etiqueta
attribute-of-set = Conjunto de atributos
named-applications = Aplicaciones
named-attribute-sets = Conjuntos de atributos
named-deployments = Despliegues
named-domains = Dominios
named-fault-definitions = Definiciones de fallas
named-out-of-sight = { $count } más que el dominio o ámbito seleccionado deja fuera.
named-policies = Políticas
named-schedules = Calendarios
loss-in-applications = su lugar en la aplicación { $name }
loss-in-attribute-sets = su lugar en el conjunto de atributos { $name }
loss-in-deployments = su lugar en el despliegue { $name }
loss-in-domains = su lugar en el dominio { $name }
loss-in-fault-definitions = su lugar en la definición de falla { $name }
loss-in-policies = su lugar en la política { $name }
loss-in-schedules = su lugar en el calendario { $name }
