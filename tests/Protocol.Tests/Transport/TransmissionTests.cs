using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Transport;

public class TransmissionTests
{
    private static readonly byte[] SessionId = [.. Enumerable.Repeat((byte)0x22, 32)];

    [Fact]
    [Spec("S-075", "S-113", "S-114", "S-115", "S-118", "S-133", "S-456")]
    public void Recorded_commands_are_read_and_written_to_the_same_bytes()
    {
        foreach (JsonElement vector in Vectors.TransportFile.List("transmissions"))
        {
            TransmissionFormat format = new((ushort)vector.Number("version"), vector.Hex("session_id"));
            Transmission read = Assert.Single(ReadAll(format, vector.Hex("block_content")));
            Assert.Equal(TransmissionFault.None, read.Fault);
            Assert.Equal(HexOrEmpty(vector, "authorization"), read.Authorization.ToArray());
            Assert.Equal(vector.Hex("corr_id"), read.CorrelationId.ToArray());
            Assert.Equal(vector.Hex("entity_id"), read.EntityId.ToArray());
            Assert.Equal(vector.Hex("command_bytes"), read.Command.ToArray());
            Assert.True(read.ServiceSignature.IsEmpty);
            Assert.Equal(vector.Hex("authorized_bytes"), Copy(format.Authorised(read)));

            Assert.Equal(vector.Hex("transmission"), Write(format, read, vector.Has("auth_key") ? KeyOf(vector.Text("auth_key")) : null));
        }
    }

    [Fact]
    [Spec("S-115", "S-135")]
    public void Recorded_commands_of_services_carry_both_authorizations()
    {
        foreach (JsonElement vector in Vectors.TransportFile.List("service_transmissions"))
        {
            TransmissionFormat format = new((ushort)vector.Number("version"), vector.Hex("session_id"));
            Transmission read = Assert.Single(ReadAll(format, Block([vector.Hex("transmission")])));
            byte[] fingerprint = vector.Hex("service_cert_fingerprint");
            Assert.Equal(vector.Hex("service_signature"), read.ServiceSignature.ToArray());
            Assert.Equal(vector.Hex("service_key_signs"), Copy(format.Authorised(read)));
            Assert.Equal(
                vector.Hex(vector.Has("entity_key_signs") ? "entity_key_signs" : "authenticator_over"),
                Copy(format.Authorised(read, fingerprint)));

            var service = new ServiceSigner(fingerprint, KeyOf(vector.Text("service_session_key")));
            Assert.Equal(vector.Hex("transmission"), Write(format, read, KeyOf(vector.Text("auth_key")), service));
        }
    }

    [Fact]
    [Spec("S-119")]
    public void Recorded_responses_are_read_and_written_to_the_same_bytes()
    {
        foreach (JsonElement vector in Vectors.TransportFile.List("response_transmissions"))
        {
            TransmissionFormat format = new((ushort)vector.Number("version"), SessionId);
            Transmission read = Assert.Single(ReadAll(format, vector.Hex("block_content")));
            Assert.Equal(TransmissionFault.None, read.Fault);
            Assert.True(read.Authorization.IsEmpty);
            Assert.Equal(vector.Hex("corr_id"), read.CorrelationId.ToArray());
            Assert.Equal(vector.Hex("entity_id"), read.EntityId.ToArray());
            Assert.Equal(vector.Text("response"), System.Text.Encoding.ASCII.GetString(read.Command.Span));

            var writer = new WireWriter(new byte[1000]);
            TransmissionWriter.WriteHead(ref writer, format, read.CorrelationId, read.EntityId);
            writer.Write(read.Command.Span);
            Assert.Equal(vector.Hex("transmission"), writer.Written.ToArray());
        }
    }

    [Fact]
    [Spec("S-113")]
    public void A_block_without_transmissions_or_with_a_cut_or_an_extra_one_is_refused_whole()
    {
        TransmissionFormat format = new(20, SessionId);
        byte[] good = Block([[0, 0, 0, 1], [0, 0, 0, 2]]);
        Assert.Equal(2, ReadAll(format, good).Count);
        Assert.False(TransmissionReader.TryOpen(format, default, out _));
        Assert.False(TransmissionReader.TryOpen(format, new byte[] { 0 }, out _));
        Assert.False(TransmissionReader.TryOpen(format, good.AsMemory(0, good.Length - 1), out _));
        Assert.False(TransmissionReader.TryOpen(format, (byte[])[.. good, 0], out _));
        Assert.False(TransmissionReader.TryOpen(format, (byte[])[3, .. good.AsSpan(1)], out _));
        Assert.False(TransmissionReader.TryOpen(format, (byte[])[1, .. good.AsSpan(1)], out _));
    }

    [Fact]
    [Spec("S-116", "S-120")]
    public void A_bad_transmission_does_not_spoil_its_neighbours()
    {
        TransmissionFormat format = new(20, SessionId);
        byte[] badLength = [3, 1, 2, 3, (byte)'0', 2, 8, 9, 1, 7, (byte)'P'];
        List<Transmission> read = ReadAll(format, Block([[0, 5, 1], [0, 1, 7, 0, (byte)'P'], badLength, []]));
        Assert.Equal(
            [TransmissionFault.Malformed, TransmissionFault.None, TransmissionFault.Authorization, TransmissionFault.Malformed],
            read.Select(transmission => transmission.Fault));
        Assert.Equal([8, 9], read[2].CorrelationId.ToArray());
        Assert.True(read[0].CorrelationId.IsEmpty);
    }

    [Theory]
    [Spec("S-115", "S-456")]
    [InlineData("3000", TransmissionFault.None)]
    [InlineData("3140", TransmissionFault.None)]
    [InlineData("313f", TransmissionFault.Malformed)]
    [InlineData("32", TransmissionFault.Malformed)]
    public void A_service_field_is_a_signature_of_64_bytes_or_nothing(string field, TransmissionFault fault)
    {
        TransmissionFormat format = new(16, SessionId);
        byte[] start = Convert.FromHexString(field);
        byte[] signature = start.Length > 1 ? new byte[start[1]] : [];
        Transmission read = Assert.Single(ReadAll(format, Block([[64, .. new byte[64], .. start, .. signature, 0, 0, 0]])));
        Assert.Equal(fault, read.Fault);
    }

    [Fact]
    [Spec("S-117")]
    public void Version_6_refuses_the_id_of_another_session()
    {
        TransmissionFormat format = new(6, SessionId);
        Transmission other = Assert.Single(ReadAll(format, Block([[0, 1, 99, 2, 4, 5, 0, (byte)'P']])));
        Assert.Equal(TransmissionFault.Session, other.Fault);
        Assert.Equal([4, 5], other.CorrelationId.ToArray());
    }

    [Fact]
    public void A_command_that_does_not_fit_overflows_the_writer()
    {
        TransmissionFormat format = new(20, SessionId);
        using CommandKey key = CommandKey.TryCreate(KeyOf("ed25519_1"), null)!;
        for (int room = 0; room < 70; room++)
        {
            var writer = new WireWriter(new byte[room]);
            TransmissionWriter.WriteCommand(ref writer, format, EntityId.Empty, EntityId.Empty, "PING"u8, key);
            Assert.True(writer.Overflowed);
        }
    }

    [Fact]
    [Spec("S-113", "S-120")]
    public void Any_content_is_read_or_refused_but_never_throws() =>
        Prop.ForAll<byte[], byte>((content, version) =>
        {
            TransmissionFormat format = new((ushort)(6 + (version % 15)), [1, 2]);
            foreach (byte[] block in new[] { content, Block([content, content]), [1, .. content] })
            {
                if (!TransmissionReader.TryOpen(format, block, out TransmissionReader reader))
                {
                    continue;
                }

                int count = 0;
                for (; reader.TryRead(out Transmission read); count++)
                {
                    Touch(format, read);
                }

                if (count != reader.Count)
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    internal static PrivateKey KeyOf(string name)
    {
        JsonElement key = Vectors.TransportFile.List("keys").Single(vector => vector.Text("name") == name);
        return Pkcs8.TryDecode(key.Hex("private_pkcs8"))!;
    }

    internal static List<Transmission> ReadAll(TransmissionFormat format, byte[] content)
    {
        Assert.True(TransmissionReader.TryOpen(format, content, out TransmissionReader reader));
        var all = new List<Transmission>();
        while (reader.TryRead(out Transmission transmission))
        {
            all.Add(transmission);
        }

        Assert.Equal(reader.Count, all.Count);
        return all;
    }

    internal static byte[] Block(byte[][] transmissions)
    {
        byte[] content = new byte[SimplexActors.Protocol.Transport.Block.MaxPlainContent];
        var writer = new WireWriter(content);
        writer.WriteByte((byte)transmissions.Length);
        foreach (byte[] transmission in transmissions)
        {
            writer.WriteLarge(transmission);
        }

        return writer.Written.ToArray();
    }

    private static void Touch(TransmissionFormat format, in Transmission read)
    {
        if (read.Fault is TransmissionFault.Malformed)
        {
            return;
        }

        _ = read.CorrelationId;
        _ = read.EntityId;
        _ = read.Authorization;
        _ = read.ServiceSignature;
        _ = read.Command;
        using AuthorisedBytes authorised = format.Authorised(read);
    }

    private static byte[] Write(TransmissionFormat format, in Transmission read, PrivateKey? key, ServiceSigner? service = null)
    {
        using PrivateKey router = KeyOf(Vectors.TransportFile.Text("server_session_key"));
        using CommandKey? commandKey = key is null ? null : CommandKey.TryCreate(key, router.Public);
        var writer = new WireWriter(new byte[SimplexActors.Protocol.Transport.Block.Length]);
        TransmissionWriter.WriteCommand(ref writer, format, read.CorrelationId, read.EntityId, read.Command.Span, commandKey, service);
        return writer.Written.ToArray();
    }

    private static byte[] Copy(AuthorisedBytes authorised)
    {
        using (authorised)
        {
            return authorised.Bytes.ToArray();
        }
    }

    private static byte[] HexOrEmpty(JsonElement vector, string field) => vector.Has(field) ? vector.Hex(field) : [];
}
