-- everything of revision 0001, children first

drop table discrepancy, movement, event, return_line, return_request, effect_attempt, effect;
drop table approval, approval_answer, shipment_line, shipment, plan_line, plan;
drop table gate_verdict, expectation_result, quarantine, snapshot_source, snapshot_file, snapshot, exit;
drop function refuse_change, snapshot_moves_on, manifest_is_open, plan_lines_have_a_plan, plan_moves_on;
drop function starts_as, approval_is_of_a_proposal, effect_is_approved, effect_moves_on, attempt_ends_once;
