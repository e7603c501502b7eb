using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Actors.Engine;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Queues;

/// <summary>
/// Any sequence of commands, losses and restarts keeps the promises of a queue, as an oracle that knows only what
/// clients see understands them; <see cref="TestQueue"/> adds that state and store always agree.
/// </summary>
public sealed class QueueProperties
{
    private const int Connections = 3;
    private const int Sequences = 400;

    [Fact]
    [Spec("S-264", "S-269", "S-271", "S-274", "S-280", "S-281", "S-318", "S-379", "S-422")]
    public void Nothing_acknowledged_is_lost_and_order_is_kept() =>
        Prop.ForAll(Arb.From(Steps(), Shrink), Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences));

    private static Gen<Step[]> Steps()
    {
        Gen<StepKind> kinds = Gen.Frequency(
            (8, Gen.Constant(StepKind.Send)),
            (8, Gen.Constant(StepKind.AckRight)),
            (2, Gen.Constant(StepKind.AckEmpty)),
            (2, Gen.Constant(StepKind.AckOther)),
            (4, Gen.Constant(StepKind.Sub)),
            (3, Gen.Constant(StepKind.Get)),
            (2, Gen.Constant(StepKind.Disconnect)),
            (1, Gen.Constant(StepKind.Wait)),
            (1, Gen.Constant(StepKind.Expire)),
            (1, Gen.Constant(StepKind.BodyUnavailable)),
            (1, Gen.Constant(StepKind.Passivate)),
            (1, Gen.Constant(StepKind.Restart)),
            (1, Gen.Constant(StepKind.Recover)),
            (2, Gen.Constant(StepKind.Join)));
        Gen<CommitOutcome> outcomes = Gen.Frequency(
            (20, Gen.Constant(CommitOutcome.Committed)), (1, Gen.Constant(CommitOutcome.Failed)), (1, Gen.Constant(CommitOutcome.Unknown)));
        Gen<Step> step =
            from kind in kinds
            from connection in Gen.Choose(0, Connections)
            from outcome in outcomes
            select new Step(kind, connection, outcome);
        return from length in Gen.Choose(0, 120) from steps in step.ArrayOf(length) select steps;
    }

    /// <summary>Leaves out halves, quarters, ..., single steps.</summary>
    private static IEnumerable<Step[]> Shrink(Step[] steps)
    {
        for (int part = steps.Length; part > 0; part /= 2)
        {
            for (int start = 0; start + part <= steps.Length; start += part)
            {
                yield return [.. steps[..start], .. steps[(start + part)..]];
            }
        }
    }

    private static void Holds(Step[] steps)
    {
        var oracle = new QueueOracle(Connections);
        foreach (Step step in steps)
        {
            oracle.Run(step);
        }

        oracle.Drain();
    }
}

/// <summary>One step of a random sequence.</summary>
public sealed record Step(StepKind Kind, int Connection, CommitOutcome Outcome);

/// <summary>Kinds of <see cref="Step"/>.</summary>
public enum StepKind
{
    Send,
    Sub,
    Get,
    AckRight,
    AckEmpty,
    AckOther,
    Disconnect,
    Wait,
    Expire,
    BodyUnavailable,
    Passivate,
    Restart,
    Recover,
    Join,
}
