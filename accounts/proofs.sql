-- Changes of roles and tokens that no act of the trail goes with. History and act are written by one transaction; the
-- first bears its beginning, the second the moment of its writing. A change without a context is a finding already.
--
-- An act excuses only what it says: `roles.changed` names each role that the person held after it.
-- name: memberships
SELECT DISTINCT e.pgh_obj_id
  FROM accounts_membershipevent e
 WHERE e.pgh_context_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM core_chainentry c
                    WHERE c."table" = 'accounts_membershipevent' AND c.row = e.pgh_id AND c.block_id = %(first)s)
   AND NOT EXISTS (SELECT FROM core_auditevent a
                    WHERE a.at > e.pgh_created_at - interval '5 minutes'
                      AND a.at < e.pgh_created_at + interval '15 minutes'
                      AND (a.target_type = 'accounts.user' AND a.target_id = e.user_id::text
                           AND (a.action = 'roles.changed'
                                AND a.details -> 'held' @> jsonb_build_array(jsonb_build_array(
                                        e.pgh_obj_id, e.role, e.agency_id, e.last_day)) = (e.pgh_label <> 'delete')
                                OR a.action = 'admin.deleted' AND e.pgh_label = 'delete')
                           OR a.target_type = 'accounts.membership' AND a.target_id = e.pgh_obj_id::text
                              AND a.action LIKE 'delegation.%%'))
 ORDER BY 1

-- name: tokens
SELECT DISTINCT e.pgh_obj_id
  FROM accounts_apitokenevent e
 WHERE e.pgh_context_id IS NOT NULL AND e.pgh_label = 'insert'
   AND NOT EXISTS (SELECT FROM core_chainentry c
                    WHERE c."table" = 'accounts_apitokenevent' AND c.row = e.pgh_id AND c.block_id = %(first)s)
   AND NOT EXISTS (SELECT FROM core_auditevent a
                    WHERE a.at > e.pgh_created_at - interval '5 minutes'
                      AND a.at < e.pgh_created_at + interval '15 minutes'
                      AND a.target_type = 'accounts.apitoken' AND a.target_id = e.pgh_obj_id::text
                      AND a.action LIKE 'token.%%')
 ORDER BY 1
