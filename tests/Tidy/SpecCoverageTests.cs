using SimplexActors.SpecCoverage;
using Xunit;

namespace SimplexActors.Tidy;

/// <summary>Every line of the specification has a test that names it, or a reason why not.</summary>
public sealed class SpecCoverageTests
{
    private const string Specification = "- S-001 first\n| S-002 | second |\ntext S-003\n- S-004 fourth";

    [Fact]
    public void Every_line_has_a_test_or_a_reason() => Assert.Empty(Checkout.SmpRouter().Faults());

    [Fact]
    public void Lines_tests_and_reasons_are_found()
    {
        Coverage coverage = Coverage.Read(
            Specification,
            "| S-002 | nobody can see it |",
            [
                ("SomeTests", "[" + "Spec(\"S-001\", \"S-004\")]\n[Fact]\npublic async Task It_works() { }"),
                ("OtherTests", "[Fact" + ", Spec(\"S-001\")]\npublic void It_works_too() { }"),
            ]);
        Assert.Equal(["S-001", "S-002", "S-004"], coverage.Lines);
        Assert.Equal(["SomeTests.It_works"], coverage.Tests["S-004"]);
        Assert.Equal(["SomeTests.It_works", "OtherTests.It_works_too"], coverage.Tests["S-001"]);
        Assert.Equal(["nobody can see it"], coverage.Reasons["S-002"]);
        Assert.Empty(coverage.Faults());
    }

    [Theory]
    [InlineData("| S-002 | why |", "\"S-001\"", "S-004 has neither a test nor a reason")]
    [InlineData("| S-001 to S-004 | why |", "\"S-001\"", "S-001 has a test and a reason why it has none")]
    [InlineData("| S-002 | why |\n| S-002 to S-004 | why |", "\"S-001\"", "S-002 has more than one reason")]
    [InlineData("| S-001 to S-004 | why |\n| S-005 | why |", "", "S-005 has a reason and is no line of the specification")]
    [InlineData("| S-001 to S-004 | why |", "\"S-009\"", "S-009 has a test and is no line of the specification")]
    public void Every_fault_is_found(string reasons, string tested, string fault) =>
        Assert.Equal([fault], Coverage.Read(Specification, reasons, [("T", $"[{"Spec"}({tested})] void A()")]).Faults());
}
