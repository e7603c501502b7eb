using SimplexActors.Nodes.CommandLine;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine;

/// <summary>The address as text and as a code.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData(null, "localhost", "smp://fp=@localhost:5223")]
    [InlineData("pass", "a.example,b.onion", "smp://fp=:pass@a.example,b.onion:5223")]
    [InlineData(null, "2001:db8::1", "smp://fp=@[2001:db8::1]:5223")]
    [InlineData(null, "[::1]", "smp://fp=@[::1]:5223")]
    public void An_address_always_has_its_port(string? password, string hosts, string text) =>
        Assert.Equal(text, new RouterAddress("fp=", password, hosts.Split(','), 5223).ToString());

    [Fact]
    public void Programs_get_one_line()
    {
        var output = new StringWriter();
        AddressPrinter.Print(output, new RouterAddress("fp=", null, ["h"], 1), terminal: false);
        Assert.Equal("smp://fp=@h:1" + Environment.NewLine, output.ToString());
    }

    [Fact]
    public void A_terminal_gets_a_square_code_of_half_blocks_below_the_line()
    {
        var output = new StringWriter();
        AddressPrinter.Print(output, new RouterAddress("fp=", null, ["h"], 1), terminal: true);
        string[] code = output.ToString().TrimEnd('\n').Split('\n')[1..];
        Assert.All(code, line => Assert.Equal(code[0].Length, line.Length));
        Assert.Equal((code[0].Length + 1) / 2, code.Length);
        Assert.Matches("^[█▀▄ ]+$", string.Concat(code));
    }
}
