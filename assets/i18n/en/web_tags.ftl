## Tag categories
nav-tag-categories = Tag categories
tag-categories-empty = There are no tag categories yet. A category holds the tags of one kind: classrooms, flavours, sites.
tag-category = Category
tag-category-new = New tag category
tag-category-disabled = disabled
tag-category-delete-question = Delete the tag category { $name }?
hint-tag-category-enabled = Tags of a disabled category have no effect and are not offered.
tag-kind-normal = Normal: a tag stands for itself
tag-kind-list = List: for each value between commas
tag-kind-right = Adds to the right: A.B.C, B.C, C
tag-kind-left = Adds to the left: A, A.B, A.B.C
hint-tag-category-kind = What a tag stands for. Another kind makes the attributes that the tags stand for then.
loss-tags = { $count ->
    [one] { $count } tag
   *[other] { $count } tags
}
thing-tag-category = tag category

## Tags
nav-tags = Tags
tags-empty = There are no tags yet.
tags-search = Tag or description
tag-new = New tag
tag-given-to = Given to
tag-had-by = Had by
tag-delete-question = Delete the tag { $name }?
loss-tag-given = { $count ->
    [one] { $count } computer that it was given to
   *[other] { $count } computers that it was given to
}
field-tag = Tag
field-given = Given to
hint-tag-value = The tag is called PREFIX-value. In categories that add to a side, dots separate the parts: PLANTA-1.CENTRAL.MADRID.
hint-tag-computers = One in a line, CID-7 or 7. They get the attributes of the tag at their next synchronisation.
hint-computer-tags = One in a line, PREFIX-value. What they stand for counts from the next synchronisation on.
thing-tag = tag

## Attribute sets
nav-attribute-sets = Attribute sets
attribute-sets-empty = There are no attribute sets yet. A set is a group of computers told by attributes, and an attribute itself.
attribute-sets-search = Name or description
attribute-set-new = New attribute set
attribute-set-attribute = Its attribute
attribute-set-delete-question = Delete the attribute set { $name } and its attribute?
field-set-target = Who is in it
hint-attribute-set-name = Its attribute is called SET-name.
hint-attribute-set-enabled = Nobody is in a disabled set.
thing-attribute-set = attribute set

## What names an attribute
attribute-tag = Tag
attribute-of-set = Attribute set
named-applications = Applications
named-attribute-sets = Attribute sets
named-deployments = Deployments
named-domains = Domains
named-fault-definitions = Fault definitions
named-out-of-sight = { $count } more that the selected domain or scope leaves out.
named-policies = Policies
named-schedules = Schedules
loss-in-applications = its place in the application { $name }
loss-in-attribute-sets = its place in the attribute set { $name }
loss-in-deployments = its place in the deployment { $name }
loss-in-domains = its place in the domain { $name }
loss-in-fault-definitions = its place in the fault definition { $name }
loss-in-policies = its place in the policy { $name }
loss-in-schedules = its place in the schedule { $name }
