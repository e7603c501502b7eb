using System.Text.Json;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Protocol.Tests.Smp;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Addresses;

public class RouterAddressTests
{
    /// <summary>What the reference accepts although it is no address; this implementation refuses it (ADDENDA to S-176).</summary>
    private static readonly HashSet<string> RefusedHere =
    [
        "ipv4_bad_octet", // 256.1.1.1, to the reference a domain name.
        "ipv4_last_octet_300", // 10.1.1.300, to the reference 10.1.1.44.
        "port_70000",
        "port_zero", // Nothing listens on it.
    ];

    public static TheoryData<string> Addresses => SmpVectors.Names(SmpVectors.Texts, "server_addresses");

    public static TheoryData<string> Wires => SmpVectors.Names(SmpVectors.Texts, "server_wire");

    public static TheoryData<string> Hosts => SmpVectors.Names(SmpVectors.Texts, "hosts");

    [Theory]
    [MemberData(nameof(Addresses))]
    [Spec("S-175", "S-176")]
    public void Address_is_read_as_recorded_and_written_again(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Texts, "server_addresses", name);
        bool read = RouterAddress.TryParse(vector.Text("text"), out RouterAddress? address, out string? problem);
        if (vector.Text("result") != "ok" || RefusedHere.Contains(name))
        {
            Assert.False(read);
            Assert.NotEmpty(problem!);
            return;
        }

        Assert.True(read, problem);
        Assert.Equal(vector.Text("scheme"), address!.Scheme.ToString().ToLowerInvariant());
        Assert.Equal(vector.Hex("key_hash"), address.Fingerprint.ToArray());
        Assert.Equal(vector.Has("password") ? vector.Text("password") : null, address.Password);
        Assert.Equal(vector.Text("port"), address.Port?.ToString() ?? "");
        Assert.Equal(
            vector.List("hosts").Select(h => (h.Text("type"), h.Text("text"))),
            address.Hosts.Select(h => (h.Kind.ToString().ToLowerInvariant(), h.Name)));

        // The reference writes IPv6 hosts without brackets and cannot read the port after them again (ADDENDA to C-646).
        string again = name switch
        {
            "smp_ipv6_brackets" or "smp_ipv6_no_port" => vector.Text("text"),
            "smp_ipv6_plain" => vector.Text("text").Replace("2001:db8::1", "[2001:db8::1]"),
            _ => vector.Text("text_again"),
        };
        Assert.Equal(again, address.Format());
        Assert.True(RouterAddress.TryParse(again, out RouterAddress? second, out _));
        Assert.Equal(address, second);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    [Spec("S-166", "S-176")]
    public void Address_without_password_stands_in_prxy_as_recorded(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Texts, "server_wire", name);
        Assert.True(RouterAddress.TryParse(vector.Text("text"), out RouterAddress? address, out _));
        if (!vector.Has("wire_bytes"))
        {
            Assert.NotNull(address.Password);
            return;
        }

        byte[] written = Codec.Write(new PrxyCommand(address.Hosts, address.Port, address.Fingerprint, null), 20);
        Assert.Equal([.. "PRXY "u8, .. vector.Hex("wire_bytes"), (byte)'0'], written);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    [Spec("S-176")]
    public void Host_is_read_as_recorded(string name)
    {
        JsonElement vector = SmpVectors.Vector(SmpVectors.Texts, "hosts", name);
        bool read = RouterHost.TryParse(vector.Text("text"), out RouterHost? host);
        Assert.Equal(vector.Text("result") == "ok", read);
        if (read)
        {
            Assert.Equal(vector.Text("type"), host!.Kind.ToString().ToLowerInvariant());
            Assert.Equal(vector.Text("text_again"), host.Name);
            Assert.Equal(vector.Hex("wire_bytes")[1..], System.Text.Encoding.UTF8.GetBytes(host.Name));
        }
    }

    [Theory]
    [InlineData("::ffff:0102:0304", "0:0:0:0:0:ffff:102:304")]
    [InlineData("::102:304", "0:0:0:0:0:0:102:304")]
    [Spec("S-176")]
    public void IPv6_host_is_never_written_with_an_IPv4_part(string text, string name)
    {
        Assert.True(RouterHost.TryParse(text, out RouterHost? host));
        Assert.Equal(name, host.Name);
        Assert.True(RouterHost.TryParse(host.Name, out RouterHost? again));
        Assert.Equal(host, again);
    }

    [Theory]
    [InlineData("0.0.0.256")]
    [InlineData("1.2.3.")]
    [InlineData("1..2.3")]
    [InlineData("[1.2.3.4]")]
    [InlineData("[::1")]
    [InlineData("::1]")]
    [InlineData("[]")]
    [InlineData("1::2::3")]
    [InlineData("fe80::1%eth0")]
    [Spec("S-176")]
    public void What_looks_like_an_ip_address_must_be_one(string text) => Assert.False(RouterHost.TryParse(text, out _));

    [Fact]
    public void Password_is_shown_only_where_it_is_asked_for()
    {
        const string text = "smp://YWJj:secret@example.com";
        Assert.True(RouterAddress.TryParse(text, out RouterAddress? address, out _));
        Assert.Equal(text, address.Format());
        Assert.Equal("smp://YWJj@example.com", address.ToString());

        Assert.False(RouterAddress.TryParse("smp://YWJj:sec ret@example.com", out _, out string? problem));
        Assert.DoesNotContain("sec", problem);
    }

    [Fact]
    [Spec("S-175")]
    public void Passwords_are_checked_byte_by_byte()
    {
        foreach (JsonElement vector in SmpVectors.Texts.List("passwords"))
        {
            string password = System.Text.Encoding.Latin1.GetString(vector.Hex("bytes"));
            Assert.Equal(vector.GetProperty("wire_accepted").GetBoolean(), BasicAuth.IsValid(password));

            // The recorded texts are bytes; in a text of ours the character e-acute is two of them.
            string? fromText = vector.Text("name") == "latin1" ? BasicAuth.FromText("caf\u00e9") : BasicAuth.FromText(password);
            Assert.Equal(vector.GetProperty("text_accepted").GetBoolean(), fromText is not null);
        }
    }

    [Fact]
    [Spec("S-175")]
    public void Text_of_a_password_travels_as_utf8()
    {
        string? password = BasicAuth.FromText("caf\u00e9");
        Assert.Equal("caf\u00c3\u00a9", password);
        Assert.Equal("caf\u00e9", BasicAuth.ToText(password!));
        Assert.Equal("caf\u00e9", BasicAuth.ToText("caf\u00e9"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("YQ==", "a")]
    [InlineData("YQ", "a")]
    [InlineData("YWI=", "ab")]
    [InlineData("YWJj", "abc")]
    public void Base64url_is_read_with_and_without_padding(string text, string bytes) =>
        Assert.Equal(System.Text.Encoding.ASCII.GetBytes(bytes), Base64UrlText.TryDecode(text));

    [Theory]
    [InlineData("Y")]
    [InlineData("YQ=")]
    [InlineData("YQ===")]
    [InlineData("YR==")]
    [InlineData("=")]
    [InlineData("YWJj====")]
    [InlineData("Y Q=")]
    [InlineData("YQ==YQ==")]
    [InlineData("a+b/")]
    public void What_is_not_base64url_is_refused(string text) => Assert.Null(Base64UrlText.TryDecode(text));
}
