# Cuentas, grupos, tokens: páginas sobre quién puede hacer qué.
nav-groups = Grupos
groups-empty = Aún no hay grupos.
group-new = Grupo nuevo
group-modified = Un administrador cambió este grupo: las actualizaciones no tocan sus permisos.
group-not-modified = Nadie ha cambiado este grupo: las actualizaciones mantienen al día sus permisos.
group-no-members = No hay ninguna cuenta en él.
group-delete-question = ¿Borrar el grupo { $name }?
loss-members = { $count ->
    [one] { $count } cuenta pierde lo que concede el grupo
   *[other] { $count } cuentas pierden lo que concede el grupo
}
account-own-permissions = Permisos de esta cuenta además de los de sus grupos
account-own-permissions-hint = Los grupos se vigilan mejor. Lo que se marque aquí se suma a lo que conceden.
account-delete-question = ¿Borrar la cuenta { $name }? Suele ser mejor desactivarla: su nombre sigue ocupado y se entiende lo que hizo.
loss-tokens = { $count ->
    [one] { $count } token deja de funcionar
   *[other] { $count } tokens dejan de funcionar
}
permissions-table = Permisos
permissions-model = Qué
token-rights = Menos que todos los permisos de la cuenta
token-rights-hint = Sin marcar nada, el token puede lo mismo que su cuenta. Si no, solo lo marcado, hasta donde llegue la cuenta.
token-all-rights = todos los de la cuenta
token-expired = caducado
field-members = Miembros
field-modified = Modificado
field-rights = Permisos
field-expires-at = Funciona hasta
field-last-used-at = Último uso
hint-token-expires-at = El último día en que funciona. Sin fecha, funciona hasta que se revoque.
thing-group = el grupo
model-external-deployment = Despliegue externo
model-group = Grupo de cuentas

# Dominios, ámbitos y qué se ve.
nav-domains = Dominios
nav-scopes = Mis ámbitos
domains-empty = Aún no hay dominios.
domain-new = Dominio nuevo
domain-delete-question = ¿Borrar el dominio { $name }? Su etiqueta se queda.
loss-domain-deployments = { $count ->
    [one] { $count } despliegue pierde su dominio: será para todos los ordenadores que cumplan
   *[other] { $count } despliegues pierden su dominio: serán para todos los ordenadores que cumplan
}
scopes-empty = Aún no hay ámbitos. Un ámbito limita lo que ve a algunos ordenadores del dominio.
scope-new = Ámbito nuevo
scope-delete-question = ¿Borrar el ámbito { $name }?
selection = Qué se ve
selection-domain = Dominio
selection-scope = Ámbito
selection-all-domains = TODOS
selection-all-computers = todos los ordenadores
selection-apply = Elegir
selection-narrowed = Las listas, los recuentos y los gráficos muestran solo esta parte.
field-domain = Dominio
field-domains = Dominios que administra
field-tags = Etiquetas
domain-tags = Etiquetas que se ofrecen a sus ordenadores
field-administrators = Administradores
hint-domain-name = Se guarda en mayúsculas y no cambia. Con él viene la etiqueta DMN-NOMBRE.
hint-domain-included = Los ordenadores con alguno de estos, y con ninguno de los excluidos, son del dominio una vez sincronizados.
hint-domain-tags = Una etiqueta por línea.
hint-domain-administrators = Una cuenta por línea. Un administrador de dominio necesita al menos un dominio.
hint-account-domains = Un dominio por línea. Quien administra dominios, y no es superusuario, ve y cambia solo lo de estos.
hint-scope-name = Solo lo ve usted. Pertenece al dominio que está elegido ahora.
audit-select-domain = Eligió un dominio
audit-select-scope = Eligió un ámbito
audit-enrol-computer = Inscribió un ordenador
thing-domain = el dominio
thing-scope = el ámbito
deployment-no-domain = todos los dominios
hint-deployment-domain = Solo lo reciben los ordenadores de este dominio.
