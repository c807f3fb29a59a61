# Accounts, groups, tokens: pages about who may do what.
nav-groups = Groups
groups-empty = There are no groups yet.
group-new = New group
group-modified = An administrator changed this group: upgrades leave its permissions alone.
group-not-modified = Nobody changed this group: upgrades keep its permissions up to date.
group-no-members = No account is in it.
group-delete-question = Delete the group { $name }?
loss-members = { $count ->
    [one] { $count } account loses what the group grants
   *[other] { $count } accounts lose what the group grants
}
account-own-permissions = Permissions of this account beside those of its groups
account-own-permissions-hint = Groups are easier to keep an eye on. What is ticked here is added to what they grant.
account-delete-question = Delete the account { $name }? To deactivate it is mostly better: its name stays taken, and what it did stays understandable.
loss-tokens = { $count ->
    [one] { $count } token stops working
   *[other] { $count } tokens stop working
}
permissions-table = Permissions
permissions-model = What
token-rights = Less than all rights of the account
token-rights-hint = With nothing ticked, the token may do what its account may do. Otherwise only what is ticked, as far as the account may.
token-all-rights = all of the account
token-expired = expired
field-members = Members
field-modified = Modified
field-rights = Rights
field-expires-at = Works until
field-last-used-at = Last used
hint-token-expires-at = The last day on which it works. Without a day it works until it is revoked.
thing-group = group
model-external-deployment = External deployment
model-group = Group of accounts

# Domains, scopes and what is seen.
nav-domains = Domains
nav-scopes = My scopes
domains-empty = There are no domains yet.
domain-new = New domain
domain-delete-question = Delete the domain { $name }? Its tag stays.
loss-domain-deployments = { $count ->
    [one] { $count } deployment loses its domain: it is for all computers that match it
   *[other] { $count } deployments lose their domain: they are for all computers that match them
}
scopes-empty = There are no scopes yet. A scope narrows what you see to some computers of the domain.
scope-new = New scope
scope-delete-question = Delete the scope { $name }?
selection = What is seen
selection-domain = Domain
selection-scope = Scope
selection-all-domains = ALL
selection-all-computers = all computers
selection-apply = Select
selection-narrowed = Lists, counts and charts show this part only.
field-domain = Domain
field-domains = Domains it administers
field-tags = Tags
domain-tags = Tags offered to its computers
field-administrators = Administrators
hint-domain-name = Stored in capital letters; it stays as it is. The tag DMN-NAME comes with it.
hint-domain-included = Computers with one of these, and with none of the excluded ones, belong to the domain once they have synchronised.
hint-domain-tags = One tag in a line.
hint-domain-administrators = One account in a line. A domain administrator needs at least one domain.
hint-account-domains = One domain in a line. Whoever administers domains, and is no superuser, sees and changes these only.
hint-scope-name = Only you see it. It belongs to the domain that is selected now.
audit-select-domain = Selected a domain
audit-select-scope = Selected a scope
audit-enrol-computer = Enrolled a computer
thing-domain = domain
thing-scope = scope
deployment-no-domain = all domains
hint-deployment-domain = Only the computers of this domain get it.
